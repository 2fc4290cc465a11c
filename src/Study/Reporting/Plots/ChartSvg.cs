using System.Globalization;
using System.Net;
using System.Text;

namespace Observatory.Study;

/// <summary>
/// A <see cref="Chart"/> as an SVG element. Colours come from the style of the page, so that the same picture reads in
/// light and dark; a vector needs no library to draw and stays sharp.
/// </summary>
internal sealed class ChartSvg
{
    private const double Width = 560, Height = 340, Left = 66, Right = 12, Top = 34, Bottom = 48;
    private const int Colours = 8;

    private readonly StringBuilder _text = new();
    private readonly Chart _chart;
    private readonly Scale _x, _y;

    private ChartSvg(Chart chart)
    {
        _chart = chart;
        ChartPoint[] points = [.. chart.Series.SelectMany(series => series.Points)];
        _x = new Scale(chart.X, points.Select(point => point.X), Left, Width - Right);
        _y = new Scale(
            chart.Y,
            points.SelectMany(point => new[] { point.Y, point.Low ?? point.Y, point.High ?? point.Y }),
            Height - Bottom,
            Top);
    }

    /// <summary>The element; null when there is no point to draw.</summary>
    public static Plot? Draw(Chart chart) =>
        chart.Series.All(series => series.Points.Count == 0) ? null : new Plot(chart.Title, new ChartSvg(chart).Draw());

    private string Draw()
    {
        double legend = LegendHeight();
        Add($"<svg viewBox=\"0 0 {Width} {Height + legend}\" role=\"img\" aria-label=\"{Text(_chart.Title)}\">");
        Add($"<text class=\"title\" x=\"{Left}\" y=\"18\">{Text(_chart.Title)}</text>");
        DrawGrid();
        int colour = 0;
        foreach (ChartSeries series in _chart.Series) DrawSeries(series, series.IsReference ? "ref" : $"c{colour++ % Colours}");
        DrawLegend();
        Add($"</svg>");
        return _text.ToString();
    }

    private void DrawGrid()
    {
        const double bottom = Height - Bottom;
        foreach (double tick in _x.Ticks)
        {
            double x = _x.Pixel(tick);
            Add($"<line class=\"grid\" x1=\"{x:0.0}\" y1=\"{Top}\" x2=\"{x:0.0}\" y2=\"{bottom}\"/>");
            Add($"<text class=\"tick\" text-anchor=\"middle\" x=\"{x:0.0}\" y=\"{bottom + 16}\">{Text(_chart.X.Format(tick))}</text>");
        }

        foreach (double tick in _y.Ticks)
        {
            double y = _y.Pixel(tick);
            Add($"<line class=\"grid\" x1=\"{Left}\" y1=\"{y:0.0}\" x2=\"{Width - Right}\" y2=\"{y:0.0}\"/>");
            Add($"<text class=\"tick\" text-anchor=\"end\" x=\"{Left - 6}\" y=\"{y + 4:0.0}\">{Text(_chart.Y.Format(tick))}</text>");
        }

        Add($"<text class=\"tick\" text-anchor=\"middle\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 12}\">{Text(_chart.X.Label)}</text>");
        Add($"<text class=\"tick\" text-anchor=\"end\" x=\"{Width - Right}\" y=\"{Top - 6}\">{Text(_chart.Y.Label)}</text>");
    }

    private void DrawSeries(ChartSeries series, string colour)
    {
        if (series.HasLine)
        {
            string path = string.Join(' ', series.Points.Select(point => Pixels(point.X, point.Y)));
            Add($"<polyline class=\"line {colour}\" points=\"{path}\"/>");
        }

        if (series is { IsLabelled: true, Points: [.., var end] })
        {
            Add($"<text class=\"tick\" x=\"{_x.Pixel(end.X) + 4:0.0}\" y=\"{_y.Pixel(end.Y) + 4:0.0}\">{Text(series.Name)}</text>");
        }

        foreach (ChartPoint point in series.Points)
        {
            double x = _x.Pixel(point.X);
            if (point is { Low: { } low, High: { } high })
            {
                Add($"<line class=\"line {colour}\" x1=\"{x:0.0}\" x2=\"{x:0.0}\" y1=\"{_y.Pixel(low):0.0}\" y2=\"{_y.Pixel(high):0.0}\"/>");
            }

            if (!series.HasMarks) continue;
            string hint = Text(point.Hint ?? series.Name);
            Add($"<circle class=\"mark {colour}\" cx=\"{x:0.0}\" cy=\"{_y.Pixel(point.Y):0.0}\" r=\"3.5\"><title>{hint}</title></circle>");
        }
    }

    private IEnumerable<ChartSeries> Legend => _chart.Series.Where(series => !series.IsLabelled);

    private double LegendHeight() => Math.Ceiling(Legend.Count() / 3.0) * 16;

    private void DrawLegend()
    {
        int colour = 0;
        foreach ((int index, ChartSeries series) in Legend.Index())
        {
            double x = Left + (index % 3 * 165), y = Height + (index / 3 * 16);
            string shown = series.IsReference ? "ref" : $"c{colour++ % Colours}";
            Add($"<line class=\"line {shown}\" x1=\"{x}\" y1=\"{y}\" x2=\"{x + 16}\" y2=\"{y}\"/>");
            Add($"<text class=\"tick\" x=\"{x + 21}\" y=\"{y + 4}\">{Text(series.Name)}</text>");
        }
    }

    private string Pixels(double x, double y) =>
        string.Create(CultureInfo.InvariantCulture, $"{_x.Pixel(x):0.0},{_y.Pixel(y):0.0}");

    private void Add(FormattableString markup) => _text.Append(FormattableString.Invariant(markup));

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
