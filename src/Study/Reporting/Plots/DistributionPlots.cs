using System.Globalization;

namespace Observatory.Study;

/// <summary>The configurations with the longest tails: their distributions, and their samples in time.</summary>
internal static class DistributionPlots
{
    private const int Shown = 5;

    /// <summary>Points of a curve; more would make the page heavy and not the picture clearer.</summary>
    private const int MostPoints = 400;

    public static IReadOnlyList<Plot> DrawAll(StudyFindings findings)
    {
        ConfigurationFindings[] worst =
        [
            .. findings.Configurations
                .Where(item => item.P95 is not null)
                .OrderByDescending(item => item.P95 / item.Median)
                .Take(Shown),
        ];
        ChartAxis times = new("times the median", true, Times);
        return
        [
            .. new[]
            {
                ChartSvg.Draw(new Chart(
                    "Longest tails: share of samples that take at most",
                    times,
                    new ChartAxis("share of samples", false, value => value.ToString("0%", CultureInfo.InvariantCulture)),
                    [.. worst.Select(item => Series(item, Cumulated(item)))])),
                ChartSvg.Draw(new Chart(
                    "The same samples in the order in which they ran",
                    new ChartAxis("sample", false, value => value.ToString("0", CultureInfo.InvariantCulture)),
                    times,
                    [.. worst.Select(item => Series(item, InOrder(item)))])),
            }.OfType<Plot>(),
            .. HistogramPlots.DrawAll(findings),
        ];
    }

    private static ChartSeries Series(ConfigurationFindings item, IEnumerable<ChartPoint> points)
    {
        ChartPoint[] all = [.. points];
        int step = Math.Max(1, all.Length / MostPoints);
        return new ChartSeries(item.Key.ToString(), [.. all.Where((_, index) => index % step == 0 || index == all.Length - 1)])
        {
            HasMarks = false,
        };
    }

    private static IEnumerable<ChartPoint> Cumulated(ConfigurationFindings item) => item.Series.Sorted
        .Select((value, index) => new ChartPoint(value / item.Median!.Value, (index + 1.0) / item.Series.Count));

    private static IEnumerable<ChartPoint> InOrder(ConfigurationFindings item) => item.Series.Values
        .Select((value, index) => new ChartPoint(index, value / item.Median!.Value));

    private static string Times(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
