using System.Globalization;
using System.Net;
using System.Text;

namespace Observatory.Study;

/// <summary>
/// A <see cref="Chart"/> as an SVG element. Colours come from the style of the page, so that the same picture reads in
/// light and dark. Why no charting library draws it: docs/adr/0010-study-libraries.md.
/// </summary>
internal sealed class ChartSvg
{
    private const double Width = 560, Height = 340, Left = 66, Right = 12, Top = 34, Bottom = 48;
    private const int Colours = 8;

    private const double LabelHeight = 14;
    private readonly double _plotTop;
    private readonly List<(double X, double Y)> _labels = [];
    private readonly StringBuilder _text = new();
    private readonly Chart _chart;
    private readonly Scale _x, _y;

    private ChartSvg(Chart chart)
    {
        _chart = chart;
        ChartPoint[] points = [.. chart.Series.SelectMany(series => series.Points)];
        _plotTop = Top + (chart.Series.Count(series => series.IsVertical) * LabelHeight);
        _x = new Scale(chart.X, points.Select(point => point.X), Left, Width - Right, leastDistance: 46);
        _y = new Scale(
            chart.Y,
            points.SelectMany(point => new[] { point.Y, point.Low ?? point.Y, point.High ?? point.Y }),
            Height - Bottom,
            _plotTop,
            leastDistance: 16);
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
        foreach (ChartSeries series in _chart.Series.Where(series => !series.IsVertical))
        {
            DrawSeries(series, series.IsReference ? "ref" : $"c{colour++ % Colours}");
        }

        foreach ((int row, ChartSeries series) in _chart.Series.Where(series => series.IsVertical).Index()) DrawVertical(series, row);
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

        foreach (ChartPoint point in series.Points)
        {
            double x = _x.Pixel(point.X);
            if (point is { Low: { } low, High: { } high })
            {
                Add($"<line class=\"line {colour}\" x1=\"{x:0.0}\" x2=\"{x:0.0}\" y1=\"{_y.Pixel(low):0.0}\" y2=\"{_y.Pixel(high):0.0}\"/>");
            }

            if (!series.HasMarks) continue;
            if (point.Label is { } label) DrawLabel(label, x, _y.Pixel(point.Y));
            string hint = Text(point.Hint ?? series.Name);
            Add($"<circle class=\"mark {colour}\" cx=\"{x:0.0}\" cy=\"{_y.Pixel(point.Y):0.0}\" r=\"3.5\"><title>{hint}</title></circle>");
        }
    }

    /// <summary>Where another label stands already there is none: the hint still says it.</summary>
    private void DrawLabel(string label, double x, double y)
    {
        if (_labels.Any(other => Math.Abs(other.X - x) < 18 && Math.Abs(other.Y - y) < 11)) return;
        _labels.Add((x, y));
        Add($"<text class=\"tick\" x=\"{x + 5:0.0}\" y=\"{y - 4:0.0}\">{Text(label)}</text>");
    }

    /// <summary>Names stand above the area of the points, each in a row of its own.</summary>
    private void DrawVertical(ChartSeries series, int row)
    {
        double x = _x.Pixel(series.Points[0].X), y = Top + ((row + 1) * LabelHeight) - 4;
        string anchor = x > (Left + Width) / 2 ? "end" : "start";
        Add($"<line class=\"line ref\" x1=\"{x:0.0}\" y1=\"{Top}\" x2=\"{x:0.0}\" y2=\"{Height - Bottom}\"/>");
        Add($"<text class=\"tick\" text-anchor=\"{anchor}\" x=\"{x + (anchor == "end" ? -4 : 4):0.0}\" y=\"{y:0.0}\">{Text(series.Name)}</text>");
    }

    private IEnumerable<ChartSeries> Legend => _chart.Series.Where(series => !series.IsVertical);

    /// <summary>As wide as the longest name, a letter being at most 6.5 pixels.</summary>
    private double LegendWidth => 30 + (6.5 * Legend.Select(series => series.Name.Length).DefaultIfEmpty().Max());

    private int LegendColumns => Math.Clamp((int)((Width - Left) / LegendWidth), 1, 4);

    private double LegendHeight() => Math.Ceiling(Legend.Count() / (double)LegendColumns) * 16;

    /// <summary>Each entry is drawn as its series is: with a line, with a mark, or with both.</summary>
    private void DrawLegend()
    {
        int colour = 0;
        foreach ((int index, ChartSeries series) in Legend.Index())
        {
            double x = Left + (index % LegendColumns * LegendWidth), y = Height + (index / LegendColumns * 16);
            string shown = series.IsReference ? "ref" : $"c{colour++ % Colours}";
            if (series.HasLine) Add($"<line class=\"line {shown}\" x1=\"{x:0.0}\" y1=\"{y}\" x2=\"{x + 16:0.0}\" y2=\"{y}\"/>");
            if (series.HasMarks) Add($"<circle class=\"mark {shown}\" cx=\"{x + 8:0.0}\" cy=\"{y}\" r=\"3.5\"/>");
            Add($"<text class=\"tick\" x=\"{x + 21:0.0}\" y=\"{y + 4}\">{Text(series.Name)}</text>");
        }
    }

    private string Pixels(double x, double y) =>
        string.Create(CultureInfo.InvariantCulture, $"{_x.Pixel(x):0.0},{_y.Pixel(y):0.0}");

    private void Add(FormattableString markup) => _text.Append(FormattableString.Invariant(markup));

    private static string Text(string text) => WebUtility.HtmlEncode(NumberText.Harmless(text));
}
