namespace Observatory.Collector;

/// <summary>The table in plain lines of text, for files, pipes and logs.</summary>
internal static class PlainTable
{
    public static void Write(TextWriter output, IReadOnlyList<SummaryRow> rows, IReadOnlyList<SourceStatus> sources)
    {
        output.WriteLine(Header.Sources(sources));
        foreach (string trouble in Header.Troubles(sources)) output.WriteLine(trouble);
        output.WriteLine(Header.Totals(rows));
        IReadOnlyList<Column> columns = Columns.For(rows);
        int[] widths = [.. columns.Select(column => Width(column, rows))];
        output.WriteLine(Line(columns, widths, column => column.Head));
        foreach (SummaryRow row in rows) output.WriteLine(Line(columns, widths, column => column.Text(row)));
    }

    private static int Width(Column column, IReadOnlyList<SummaryRow> rows) =>
        rows.Select(row => column.Text(row).Length).Append(column.Head.Length).Max();

    private static string Line(IReadOnlyList<Column> columns, int[] widths, Func<Column, string> text) =>
        string.Join("  ", columns.Select((column, i) => text(column).PadLeft(widths[i])));
}
