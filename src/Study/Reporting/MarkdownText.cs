using System.Text;

namespace Observatory.Study;

/// <summary>Sections as Markdown; the columns of tables are padded, so that it reads well in a terminal too.</summary>
internal static class MarkdownText
{
    public static string Write(string title, IEnumerable<Section> sections)
    {
        var text = new StringBuilder($"# {title}\n");
        foreach (Section section in sections)
        {
            text.Append($"\n## {section.Title}\n");
            foreach (string paragraph in section.Text) text.Append('\n').Append(Escape(paragraph)).Append('\n');
            if (section.Table is { Rows.Count: > 0 } table) Append(text.Append('\n'), table);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Table table)
    {
        string[][] rows = [[.. table.Heads], .. table.Rows.Select(row => row.Select(Escape).ToArray())];
        int[] widths = [.. table.Heads.Index().Select(head => Math.Max(3, rows.Max(row => row[head.Index].Length)))];
        AppendRow(text, table, rows[0], widths);
        AppendRow(text, table, [.. widths.Index().Select(width => Rule(table, width.Index, width.Item))], widths);
        foreach (string[] row in rows.Skip(1)) AppendRow(text, table, row, widths);
    }

    private static string Rule(Table table, int column, int width) =>
        column < table.Names ? new string('-', width) : new string('-', width - 1) + ':';

    private static void AppendRow(StringBuilder text, Table table, string[] cells, int[] widths)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            text.Append("| ")
                .Append(i < table.Names ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i]))
                .Append(' ');
        }

        text.Append("|\n");
    }

    /// <summary>Texts of a results file must not become markup.</summary>
    private static string Escape(string text) => text
        .ReplaceLineEndings(" ").Replace("|", "\\|").Replace("<", "&lt;").Replace("`", "\\`");
}
