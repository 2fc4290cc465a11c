namespace Observatory.Study.Tests;

/// <summary>Equal things are called equal, different ones different, as often as promised.</summary>
public sealed class MedianRatioTests
{
    private const int Pairs = 2000;

    private static readonly int[] Visits = [.. Enumerable.Repeat(6, 12)];

    public static TheoryData<string, int[], double, double, double> SameDistribution => new()
    {
        { "plain", [3, 3, 3, 3, 3, 3, 3, 3, 3, 3], 0, 0, 0 },
        { "few", [2, 2, 2, 2, 2], 0, 0, 0 },
        { "many", [60, 60, 60, 60, 60], 0, 0, 0 },
        { "outliers", [5, 5, 5, 5, 5, 5], 0.1, 0, 0 },
        { "mild autocorrelation", [10, 10, 10, 10], 0, 0.3, 0 },
        { "outliers and autocorrelation", [20, 20, 20, 20, 20], 0.05, 0.3, 0 },
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
            MedianRatio.Between(latencies.Take(0.01, visits), latencies.Take(0.01, visits)) is { Probability: < 0.01 });
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {100.0 * found / Pairs:0.00} %");
        Assert.InRange((double)found / Pairs, 0, 0.02);
    }

    [Theory]
    [InlineData(1.2, 0, 0)]
    [InlineData(1.0 / 1.2, 0, 0)]
    [InlineData(1.2, 0.1, 0)]
    [InlineData(1.3, 0.05, 0.3)]
    public void A_known_shift_is_found_and_its_interval_covers_it(double shift, double outliers, double correlation)
    {
        var latencies = new Latencies(5) { Outliers = outliers, Correlation = correlation };
        MedianRatio[] ratios =
        [
            .. Enumerable.Range(0, 500).Select(_ =>
                MedianRatio.Between(latencies.Take(0.01, Visits), latencies.Take(0.01 * shift, Visits))!.Value),
        ];

        Assert.InRange(ratios.Average(ratio => ratio.Probability < 0.01 ? 1.0 : 0.0), 0.95, 1);
        Assert.InRange(ratios.Average(ratio => ratio.At(0.99).Contains(shift) ? 1.0 : 0.0), 0.98, 1);
        Assert.Equal(shift, ratios.Average(ratio => ratio.Ratio), 0.02 * shift);
    }

    [Fact]
    public void Runs_that_repeat_to_the_nanosecond_are_told_apart_only_when_they_differ()
    {
        var same = new SampleSeries([.. Enumerable.Repeat(0.001, 20)], [5, 5, 5, 5]);
        var other = new SampleSeries([.. Enumerable.Repeat(0.0011, 20)], [5, 5, 5, 5]);

        Assert.Equal(1, MedianRatio.Between(same, same)!.Value.Probability, 9);
        Assert.True(MedianRatio.Between(same, other)!.Value.Probability < 1e-6);
    }

    [Fact]
    public void Fewer_than_four_visits_give_no_ratio_however_many_samples_they_have()
    {
        var latencies = new Latencies(6);
        Assert.Null(MedianRatio.Between(latencies.Take(1, 100, 100, 100), latencies.Take(1, Visits)));
        Assert.NotNull(MedianRatio.Between(latencies.Take(1, 3, 3, 3, 3), latencies.Take(1, Visits)));
    }

    /// <summary>A frequency that steps, or a neighbour: where the median lies depends on how long each speed lasts.</summary>
    [Fact]
    public void Two_speeds_that_last_give_no_ratio()
    {
        double[] values = [.. new Latencies(7) { Spread = 0.01 }.Take(1, 60).Values.Select((value, i) => i / 30 % 2 == 0 ? value : 1.4 * value)];
        Assert.Null(MedianRatio.Between(new SampleSeries(values, Visits[..10]), new Latencies(8).Take(1, Visits)));
    }
}

public sealed class HolmCorrectionTests
{
    /// <summary>R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").</summary>
    [Fact]
    public void Adjusted_values_are_those_of_R()
    {
        double[] adjusted = HolmCorrection.Adjust([0.01, 0.04, 0.03, 0.005]);
        double[] expected = [0.03, 0.06, 0.06, 0.02];
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], adjusted[i], 12);
    }

    [Fact]
    public void No_probability_exceeds_one() => Assert.Equal([1, 1], HolmCorrection.Adjust([0.9, 0.8]));

    [Fact]
    public void Nothing_stays_nothing() => Assert.Empty(HolmCorrection.Adjust([]));
}
