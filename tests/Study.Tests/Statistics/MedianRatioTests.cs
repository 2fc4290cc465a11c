using Observatory.Study.Statistics;

namespace Observatory.Study.Tests;

/// <summary>Equal things are called equal, different ones different, as often as promised.</summary>
public sealed class MedianRatioTests
{
    private const int Pairs = 2000;

    public static TheoryData<string, int[], double, double, double> SameDistribution => new()
    {
        { "plain", [30], 0, 0, 0 },
        { "few", [10], 0, 0, 0 },
        { "many", [300], 0, 0, 0 },
        { "outliers", [30], 0.1, 0, 0 },
        { "mild autocorrelation", [40], 0, 0.3, 0 },
        { "outliers and autocorrelation", [100], 0.05, 0.3, 0 },
        { "visits that differ", [5, 5, 5, 5, 5, 5, 5, 5, 5, 5], 0.05, 0.2, 0.1 },
        { "few visits that differ", [20, 20, 20, 20], 0, 0, 0.2 },
    };

    [Theory]
    [MemberData(nameof(SameDistribution))]
    public void The_same_distribution_is_found_different_in_at_most_the_promised_share_of_pairs(
        string name, int[] visits, double outliers, double correlation, double visitSpread)
    {
        var latencies = new Latencies(7)
        {
            Outliers = outliers, Correlation = correlation, VisitSpread = visitSpread,
        };
        int found = Enumerable.Range(0, Pairs).Count(_ =>
            MedianRatio.Of(latencies.Take(0.01, visits), latencies.Take(0.01, visits)) is { Probability: < 0.01 });
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {100.0 * found / Pairs:0.00} %");
        Assert.InRange((double)found / Pairs, 0, 0.02);
    }
}
