namespace Observatory.Study.Tests;

/// <summary>Two speeds, a drift, and neither.</summary>
public sealed class ShapeTests
{
    [Fact]
    public void Two_speeds_are_found_with_their_shares()
    {
        var latencies = new Latencies(1) { Spread = 0.05 };
        Modes modes = Modes.Find([.. latencies.Take(1, 70).Values.Concat(latencies.Take(2, 30).Values).Order()])!.Value;

        Assert.Equal(0.3, modes.SlowShare, 3);
        Assert.InRange(modes.Low, 0.97, 1.03);
        Assert.InRange(modes.High, 1.94, 2.06);
    }

    [Theory]
    [InlineData(30, 0)]
    [InlineData(100, 0)]
    [InlineData(300, 0.05)]
    public void One_speed_is_rarely_taken_for_two(int samples, double outliers)
    {
        var latencies = new Latencies(2) { Outliers = outliers };
        int hinted = Enumerable.Range(0, 1000).Count(_ => Modes.Find(latencies.Take(1, samples).Sorted) is not null);
        Assert.InRange(hinted, 0, 20);
    }

    [Fact]
    public void Evenly_spread_samples_are_not_two_speeds() =>
        Assert.Null(Modes.Find([.. Enumerable.Range(0, 100).Select(i => Math.Exp(i / 100.0))]));

    [Fact]
    public void Nineteen_samples_are_too_few_for_a_hint() =>
        Assert.Null(Modes.Find([.. Enumerable.Repeat(1.0, 10), .. Enumerable.Repeat(9.0, 9)]));

    [Fact]
    public void A_run_that_becomes_slower_drifts()
    {
        double[] noise = [.. new Latencies(3) { Spread = 0.02 }.Take(1, 90).Values];
        Drift drift = Drift.Find(new SampleSeries([.. noise.Select((value, i) => value * (1 + (i / 300.0)))], [90]))!.Value;

        Assert.True(drift.IsClear);
        Assert.InRange(drift.Ratio, 1.15, 1.28);
    }

    [Fact]
    public void A_steady_run_is_rarely_said_to_drift()
    {
        var latencies = new Latencies(4);
        int found = Enumerable.Range(0, 1000).Count(_ => Drift.Find(latencies.Take(1, 6, 6, 6, 6, 6)) is { IsClear: true });
        Assert.InRange(found, 0, 20);
    }

    /// <summary>Spearman's own kind of example: ranks 1 to 5 against 2 1 4 3 5 correlate with 0.8.</summary>
    [Fact]
    public void Rank_correlation_is_the_textbook_s()
    {
        Assert.Equal([1, 2.5, 2.5, 4], Ranks.Assign([10, 20, 20, 30]));
        Assert.Equal(0.8, Ranks.Correlate([1, 2, 3, 4, 5], Ranks.Assign([20, 10, 40, 30, 50])), 12);
    }

    [Fact]
    public void The_roof_is_the_lower_of_arithmetic_and_memory()
    {
        var roof = new Roofline(Peak: 100, Bandwidth: 20);
        Assert.Equal((5, 40, 100), (roof.Ridge, roof.At(2), roof.At(8)));
    }

    [Fact]
    public void A_limit_that_was_not_measured_gives_no_roof()
    {
        Assert.Null(Roofline.From(null, []));
        Assert.Null(Roofline.From(new() { GemmFlopsPerSecond = 1e9 }, []));
        Assert.Equal(2e9, Roofline.From(new() { GemmFlopsPerSecond = 1e9, FmaFlopsPerSecond = 2e9, BandwidthBytesPerSecond = 1 }, [])!.Value.Peak);
        Assert.Equal(3e9, Roofline.From(new() { GemmFlopsPerSecond = 1e9, FmaFlopsPerSecond = 2e9, BandwidthBytesPerSecond = 1 }, [1e9, 3e9])!.Value.Peak);
    }
}

public sealed class CacheLevelTests
{
    [Theory]
    [InlineData(32, 1, 1)]
    [InlineData(33, 1, 2)]
    [InlineData(64, 2, 1)]
    [InlineData(2000, 2, 2)]
    [InlineData(2001, 2, 3)]
    [InlineData(30_000, 2, 3)]
    [InlineData(30_001, 2, CacheLevel.Memory)]
    public void The_nearest_that_holds_it(long bytes, int threads, int level) =>
        Assert.Equal(level, CacheLevel.Holding(bytes, l1d: 32, l2: 1000, l3: 30_000, threads));

    [Fact]
    public void A_machine_without_a_third_level() =>
        Assert.Equal(CacheLevel.Memory, CacheLevel.Holding(2000, l1d: 32, l2: 1000, l3: null, threads: 1));

    [Fact]
    public void Nothing_known_is_nothing_said() => Assert.Null(CacheLevel.Holding(1, null, null, null, 1));
}
