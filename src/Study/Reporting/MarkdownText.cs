using System.Text;

namespace Observatory.Study;

/// <summary>
/// Sections as Markdown; the columns of tables are padded, so that it reads well in a terminal too. Where the width of the
/// terminal is known, lines are wrapped to it and a table that is wider is written in parts.
/// </summary>
internal static class MarkdownText
{
    public static string Write(string title, IEnumerable<Section> sections, int? width = null)
    {
        var text = new StringBuilder($"# {title}\n");
        foreach (Section section in sections)
        {
            text.Append($"\n## {section.Title}\n");
            foreach (string paragraph in section.Text) text.Append('\n').Append(Wrap(Escape(paragraph), width, "")).Append('\n');
            if (section.Table is not { Rows.Count: > 0 } table) continue;
            if (table.IsProse && width is not null) AppendList(text, table, width);
            else if (table.IsProse) AppendRows(text.Append('\n'), table, [.. Enumerable.Range(0, table.Heads.Count)], isPadded: false);
            else AppendParts(text, table, width);
        }

        return text.ToString();
    }

    /// <summary>Sentences do not fit into columns: an item for each row instead.</summary>
    private static void AppendList(StringBuilder text, Table table, int? width)
    {
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            string item = $"- **{Escape(row[0])}**: " + string.Join(". ", row.Skip(1).Where(cell => cell.Length > 0).Select(cell => Escape(cell).TrimEnd('.'))) + ".";
            text.Append('\n').Append(Wrap(item, width, "  ")).Append('\n');
        }
    }

    /// <summary>As many parts as the width asks for, each with the columns that name a row.</summary>
    private static void AppendParts(StringBuilder text, Table table, int? width)
    {
        int[] widths = Widths(table);
        int[] names = [.. Enumerable.Range(0, table.Keys)];
        int fixedWidth = names.Sum(column => widths[column] + 3) + 1;
        List<int> part = [];
        int used = fixedWidth;
        foreach (int column in Enumerable.Range(table.Keys, table.Heads.Count - table.Keys))
        {
            if (part.Count > 0 && used + widths[column] + 3 > width)
            {
                AppendRows(text.Append('\n'), table, [.. names, .. part], isPadded: true);
                (part, used) = ([], fixedWidth);
            }

            part.Add(column);
            used += widths[column] + 3;
        }

        AppendRows(text.Append('\n'), table, [.. names, .. part], isPadded: true);
    }

    private static int[] Widths(Table table) =>
    [
        .. table.Heads.Index().Select(head => Math.Max(
            Math.Max(3, head.Item.Length), table.Rows.Max(row => Escape(row[head.Index]).Length))),
    ];

    private static void AppendRows(StringBuilder text, Table table, int[] columns, bool isPadded)
    {
        int[] widths = isPadded ? Widths(table) : new int[table.Heads.Count];
        AppendRow(text, columns, column => Pad(table, column, table.Heads[column], widths[column]));
        AppendRow(text, columns, column => Rule(table, column, Math.Max(3, widths[column])));
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            AppendRow(text, columns, column => Pad(table, column, Escape(row[column]), widths[column]));
        }
    }

    private static string Rule(Table table, int column, int width) =>
        column < table.Names ? new string('-', width) : new string('-', width - 1) + ':';

    private static string Pad(Table table, int column, string cell, int width) =>
        column < table.Names ? cell.PadRight(width) : cell.PadLeft(width);

    private static void AppendRow(StringBuilder text, int[] columns, Func<int, string> cell)
    {
        foreach (int column in columns) text.Append("| ").Append(cell(column)).Append(' ');
        text.Append("|\n");
    }

    private static string Wrap(string text, int? width, string indent)
    {
        if (width is not { } columns || text.Length <= columns) return text;
        var wrapped = new StringBuilder();
        int used = 0;
        foreach (string word in text.Split(' '))
        {
            if (used > 0 && used + 1 + word.Length > columns)
            {
                wrapped.Append('\n').Append(indent);
                used = indent.Length;
            }
            else if (used > 0)
            {
                wrapped.Append(' ');
                used++;
            }

            wrapped.Append(word);
            used += word.Length;
        }

        return wrapped.ToString();
    }

    /// <summary>Texts of a results file must not become markup, nor control a terminal.</summary>
    private static string Escape(string text) => NumberText.Harmless(text.ReplaceLineEndings(" "))
        .Replace("|", "\\|").Replace("<", "&lt;").Replace("`", "\\`");
}
