using Observatory.Timeline;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Observatory.Collector;

/// <summary>The table for a terminal: one line a configuration, never broken, with colours and a bar of states where there is room.</summary>
internal static class RichTable
{
    private const int LeastBar = 10;
    private const int LargestBar = 40;

    /// <summary>Head and rows. Where not all rows fit, those that lose most time come first, and a line says how many are left out.</summary>
    /// <param name="rows">All configurations.</param>
    /// <param name="width">Characters of a line.</param>
    /// <param name="lines">Lines that there is room for; <see cref="int.MaxValue"/> to show every row.</param>
    public static IReadOnlyList<IRenderable> Build(IReadOnlyList<SummaryRow> rows, int width, int lines)
    {
        bool fits = rows.Count + 1 <= lines;
        IReadOnlyList<SummaryRow> shown = fits ? rows : Worst(rows, Math.Max(1, lines - 2));
        // Columns are those of all rows: they stay as they are when other rows are shown.
        IReadOnlyList<Column> columns = Columns.Fit(rows, width);
        int bar = Math.Min(LargestBar, width - Columns.Width(columns, rows) - Columns.Gap.Length);
        List<IRenderable> parts = [Line(columns, rows, column => (column.Head, ColourOf(column.State)), Decoration.Bold)];
        parts.AddRange(shown.Select(row => Row(columns, rows, row, bar)));
        if (!fits) parts.Add(new Text(Rest(rows.Count - shown.Count, rows.Any(row => row.Request is not null)), new Style(Color.Grey)));
        return parts;
    }

    private static string Rest(int number, bool requests)
    {
        string what = requests ? "unit" : "configuration";
        return number == 1 ? $"1 more {what} loses less time; the final table has all" : $"{number} more {what}s lose less time; the final table has all";
    }

    /// <summary>The colour of a state, here and on the dashboards.</summary>
    public static Color ColourOf(AccountState? state) => state switch
    {
        AccountState.Running => Color.Green,
        AccountState.Preempted => Color.Red,
        AccountState.Waking => Color.Orange1,
        AccountState.Blocked => Color.DodgerBlue1,
        AccountState.Gc => Color.MediumPurple,
        AccountState.Unknown => Color.Grey,
        AccountState.Queued => Color.Gold1,
        AccountState.Awaiting => Color.SteelBlue1,
        _ => Color.Default,
    };

    private static IReadOnlyList<SummaryRow> Worst(IReadOnlyList<SummaryRow> rows, int count) =>
        [.. rows.OrderByDescending(row => row.Wall.Nanoseconds - row.Times[AccountState.Running].Nanoseconds).Take(count)];

    private static Paragraph Row(IReadOnlyList<Column> columns, IReadOnlyList<SummaryRow> all, SummaryRow row, int bar)
    {
        Paragraph line = Line(
            columns,
            all,
            column => (column.Text(row), column.State is { } state && row.Share(state) >= 0.01 ? ColourOf(state) : column.State is null ? Color.Default : Color.Grey),
            row.IsNewest ? Decoration.Bold : Decoration.None);
        if (bar < LeastBar) return line;
        line.Append(Columns.Gap);
        double shares = 0;
        int drawn = 0;
        foreach (AccountState state in row.States)
        {
            shares += row.Share(state);
            int to = (int)Math.Round(shares * bar);
            line.Append(new string('█', Math.Max(0, to - drawn)), new Style(ColourOf(state)));
            drawn = Math.Max(drawn, to);
        }

        return line;
    }

    private static Paragraph Line(
        IReadOnlyList<Column> columns, IReadOnlyList<SummaryRow> rows, Func<Column, (string Text, Color Colour)> cell, Decoration decoration)
    {
        var line = new Paragraph();
        for (int i = 0; i < columns.Count; i++)
        {
            (string text, Color colour) = cell(columns[i]);
            line.Append((i > 0 ? Columns.Gap : "") + columns[i].Pad(text, columns[i].Width(rows)), new Style(colour, decoration: decoration));
        }

        return line;
    }
}

/// <summary>The table in plain lines of text, for files, pipes and logs: every row and every column.</summary>
internal static class PlainTable
{
    public static void Write(TextWriter output, IReadOnlyList<SummaryRow> rows, IReadOnlyList<SourceStatus> sources)
    {
        output.WriteLine(Header.Sources(sources));
        foreach (string trouble in Header.Troubles(sources)) output.WriteLine(trouble);
        output.WriteLine(Header.Totals(rows));
        IReadOnlyList<Column> columns = Columns.For(rows);
        int[] widths = [.. columns.Select(column => column.Width(rows))];
        output.WriteLine(Line(columns, widths, column => column.Head));
        foreach (SummaryRow row in rows) output.WriteLine(Line(columns, widths, column => column.Text(row)));
    }

    private static string Line(IReadOnlyList<Column> columns, int[] widths, Func<Column, string> text) =>
        string.Join(Columns.Gap, columns.Select((column, i) => column.Pad(text(column), widths[i])));
}
