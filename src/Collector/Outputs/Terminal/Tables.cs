using Observatory.Timeline;
using Spectre.Console.Rendering;
using Spectre.Console;

namespace Observatory.Collector;

/// <summary>The table for a terminal, with colour where a share needs attention.</summary>
internal static class RichTable
{
    /// <summary>Lines that are not rows: header, column heads, rules, the note on hidden rows.</summary>
    private const int FixedLines = 8;

    /// <summary>Builds the table, as many rows as fit; the configuration in progress is always among them.</summary>
    /// <param name="rows">All configurations.</param>
    /// <param name="sources">All sources.</param>
    /// <param name="height">Lines of the terminal; <see cref="int.MaxValue"/> to show every row.</param>
    public static IRenderable Build(IReadOnlyList<SummaryRow> rows, IReadOnlyList<SourceStatus> sources, int height)
    {
        IReadOnlyList<SummaryRow> shown = Window(rows, Math.Max(1, height - FixedLines));
        List<IRenderable> parts = [Sources(sources)];
        parts.Add(new Text(Header.Totals(rows)));
        parts.Add(Table(shown));
        if (shown.Count < rows.Count)
            parts.Add(new Text($"{rows.Count - shown.Count} more configurations do not fit here; the final table has all", new Style(Color.Grey)));
        return new Rows(parts);
    }

    /// <summary>Who sees what, and why a source sees nothing.</summary>
    public static IRenderable Sources(IReadOnlyList<SourceStatus> sources) => new Rows(
    [
        new Text(Header.Sources(sources), new Style(Color.Aqua)),
        .. Header.Troubles(sources).Select(trouble => new Text(trouble, new Style(Color.Yellow))),
    ]);

    private static Table Table(IReadOnlyList<SummaryRow> rows)
    {
        var table = new Table { Border = TableBorder.SimpleHeavy };
        IReadOnlyList<Column> columns = Columns.For(rows);
        foreach (Column column in columns) table.AddColumn(new TableColumn(column.Head) { Alignment = Justify.Right, NoWrap = true });
        foreach (SummaryRow row in rows) table.AddRow(columns.Select(column => Cell(column, row)));
        return table;
    }

    private static Text Cell(Column column, SummaryRow row)
    {
        Color colour = column.State is { } state ? ColourOf(state, row.Share(state)) : Color.Default;
        return new Text(column.Text(row), new Style(colour, decoration: row.IsNewest ? Decoration.Bold : Decoration.None));
    }

    /// <summary>Grey below one percent; the states that cost time without work stand out above ten.</summary>
    private static Color ColourOf(AccountState state, double share) => (state, share) switch
    {
        (_, < 0.01) => Color.Grey,
        (AccountState.Running, _) => Color.Green,
        (AccountState.Unknown, _) => Color.Fuchsia,
        (_, < 0.10) => Color.Yellow,
        _ => Color.Red,
    };

    private static IReadOnlyList<SummaryRow> Window(IReadOnlyList<SummaryRow> rows, int count)
    {
        if (rows.Count <= count) return rows;
        int newest = Math.Max(0, rows.ToList().FindIndex(row => row.IsNewest));
        int first = Math.Clamp(newest - (count / 2), 0, rows.Count - count);
        return [.. rows.Skip(first).Take(count)];
    }
}

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
