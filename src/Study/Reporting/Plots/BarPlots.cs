using System.Globalization;
using System.Net;
using System.Text;

namespace Observatory.Study;

/// <summary>A histogram of each distribution, all of a family in one picture, on axes of the logarithm.</summary>
internal static class HistogramPlots
{
    private const int Columns = 4, Bins = 24;
    private const double Width = 560, CellWidth = 135, CellHeight = 84, Top = 30, Plot = 40;

    /// <summary>More would be a page of their own.</summary>
    private const int MostShown = 48;

    public static IReadOnlyList<Plot> DrawAll(StudyFindings findings) => [.. findings.Families.Select(Draw).OfType<Plot>()];

    private static Plot? Draw(FamilyFindings family)
    {
        ConfigurationFindings[] all = [.. family.Configurations.Where(item => item.Series.Count >= ConfigurationFindings.LeastForP95)];
        if (all.Length == 0) return null;
        ConfigurationFindings[] shown = [.. all.Take(MostShown)];
        string some = shown.Length < all.Length ? $" ({shown.Length} of {all.Length})" : "";
        string title = $"{family.Label}: histograms of latency, batch x sequence x dim{some}";
        double height = Top + (Math.Ceiling(shown.Length / (double)Columns) * CellHeight);
        var text = new StringBuilder();
        Bar.Add(text, $"<svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{Bar.Text(title)}\">");
        Bar.Add(text, $"<text class=\"title\" x=\"8\" y=\"18\">{Bar.Text(title)}</text>");
        foreach ((int index, ConfigurationFindings item) in shown.Index())
        {
            Cell(text, item, 8 + (index % Columns * (CellWidth + 4)), Top + (index / Columns * CellHeight));
        }

        return new Plot(title, text.Append("</svg>").ToString());
    }

    private static void Cell(StringBuilder text, ConfigurationFindings item, double x, double y)
    {
        IReadOnlyList<double> sorted = item.Series.Sorted;
        double least = Math.Log(sorted[0]), most = Math.Log(sorted[^1]);
        if (most - least < 1e-9) (least, most) = (least - 0.01, most + 0.01);
        int[] counts = new int[Bins];
        foreach (double value in sorted) counts[Math.Min(Bins - 1, (int)((Math.Log(value) - least) / (most - least) * Bins))]++;
        double bin = (CellWidth - 8) / Bins, bottom = y + 16 + Plot;
        Bar.Add(text, $"<text class=\"tick\" x=\"{x:0.0}\" y=\"{y + 11:0.0}\">{item.Key.Batch} x {item.Key.Sequence} x {item.Key.Dim}</text>");
        for (int i = 0; i < Bins; i++)
        {
            if (counts[i] == 0) continue;
            double tall = Math.Max(1, Plot * counts[i] / counts.Max());
            string hint = $"{counts[i]} of {sorted.Count}: {NumberText.Seconds(Math.Exp(least + ((most - least) * i / Bins)))} to {NumberText.Seconds(Math.Exp(least + ((most - least) * (i + 1) / Bins)))}";
            Bar.Add(text, $"<rect class=\"mark c0\" x=\"{x + (i * bin):0.0}\" y=\"{bottom - tall:0.0}\" width=\"{bin - 0.5:0.0}\" height=\"{tall:0.0}\"><title>{Bar.Text(hint)}</title></rect>");
        }

        Bar.Add(text, $"<line class=\"grid\" x1=\"{x:0.0}\" y1=\"{bottom:0.0}\" x2=\"{x + CellWidth - 8:0.0}\" y2=\"{bottom:0.0}\"/>");
        Bar.Add(text, $"<text class=\"tick\" x=\"{x:0.0}\" y=\"{bottom + 13:0.0}\">{NumberText.Seconds(sorted[0])}</text>");
        Bar.Add(text, $"<text class=\"tick\" text-anchor=\"end\" x=\"{x + CellWidth - 8:0.0}\" y=\"{bottom + 13:0.0}\">{NumberText.Seconds(sorted[^1])}</text>");
    }
}

/// <summary>Where the wall time went, a stacked bar for the fastest half and one for the slowest 5 % of each configuration.</summary>
internal static class StatePlots
{
    private const double Width = 560, Left = 190, Top = 32, BarHeight = 11, RowHeight = 34;

    /// <summary>More rows do not fit on a page.</summary>
    private const int MostShown = 40;

    public static IReadOnlyList<Plot> DrawAll(AccountedRun run)
    {
        SlowIterations[] shown = [.. run.Configurations.Take(MostShown)];
        if (shown.Length == 0) return [];
        string some = shown.Length < run.Configurations.Count ? $" ({shown.Length} of {run.Configurations.Count})" : "";
        string title = $"Share of wall time by state: fastest half above, slowest 5 % below{some}";
        double height = Top + (shown.Length * RowHeight) + 24;
        var text = new StringBuilder();
        Bar.Add(text, $"<svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{Bar.Text(title)}\">");
        Bar.Add(text, $"<text class=\"title\" x=\"8\" y=\"18\">{Bar.Text(title)}</text>");
        foreach ((int index, SlowIterations row) in shown.Index())
        {
            double y = Top + (index * RowHeight);
            Bar.Add(text, $"<text class=\"tick\" text-anchor=\"end\" x=\"{Left - 6}\" y=\"{y + 15:0.0}\">{Bar.Text(row.Key.ToString())}</text>");
            Stack(text, row.Fast, "fastest half", y);
            Stack(text, row.Slow, "slowest 5 %", y + BarHeight + 2);
        }

        foreach ((int index, string state) in AccountedTime.Names.Index())
        {
            double x = 100 + (index * 86);
            Bar.Add(text, $"<rect class=\"mark c{index}\" x=\"{x}\" y=\"{height - 16:0.0}\" width=\"10\" height=\"10\"/>");
            Bar.Add(text, $"<text class=\"tick\" x=\"{x + 14}\" y=\"{height - 7:0.0}\">{Bar.Text(state)}</text>");
        }

        return [new Plot(title, text.Append("</svg>").ToString())];
    }

    private static void Stack(StringBuilder text, AccountedTime time, string which, double y)
    {
        double x = Left;
        foreach ((int index, string state) in AccountedTime.Names.Index())
        {
            if (time.In(state) is not { } seconds || time.Wall <= 0) continue;
            double width = (Width - Left - 8) * seconds / time.Wall;
            if (width < 0.1) continue;
            string hint = $"{which}, {state}: {NumberText.Seconds(seconds)} of {NumberText.Seconds(time.Wall)}";
            Bar.Add(text, $"<rect class=\"mark c{index}\" x=\"{x:0.0}\" y=\"{y:0.0}\" width=\"{width:0.0}\" height=\"{BarHeight}\"><title>{Bar.Text(hint)}</title></rect>");
            x += width;
        }
    }
}

/// <summary>What pictures made of bars share.</summary>
internal static class Bar
{
    public static void Add(StringBuilder text, FormattableString markup) => text.Append(markup.ToString(CultureInfo.InvariantCulture));

    public static string Text(string text) => WebUtility.HtmlEncode(NumberText.Harmless(text));
}
