namespace Observatory.Study.Tests;

/// <summary>Quantiles, spread and intervals against values that can be looked up.</summary>
public sealed class OrderStatisticsTests
{
    /// <summary>R: quantile(c(1, 2, 4, 8, 16), p), type 7.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 2)]
    [InlineData(0.5, 4)]
    [InlineData(0.9, 12.8)]
    [InlineData(1, 16)]
    public void Quantiles_are_those_of_R(double share, double expected) =>
        Assert.Equal(expected, Quantiles.At([1, 2, 4, 8, 16], share), 12);

    [Fact]
    public void The_spread_is_the_textbook_s_and_an_outlier_does_not_move_it()
    {
        Assert.Equal(1, Quantiles.MedianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9]));
        Assert.Equal(1, Quantiles.MedianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9000]));
    }

    /// <summary>Ranks and coverage of the 95 % interval, as in tables of the sign test (Conover, table A3).</summary>
    [Theory]
    [InlineData(5, 0, 0)]
    [InlineData(6, 1, 0.96875)]
    [InlineData(10, 2, 0.97852)]
    [InlineData(20, 6, 0.95861)]
    [InlineData(25, 8, 0.95671)]
    [InlineData(100, 40, 0.96480)]
    [InlineData(1000, 469, 0.95371)]
    public void The_ranks_of_the_median_s_interval_are_those_of_the_tables(int samples, int rank, double coverage)
    {
        Assert.Equal(rank, MedianInterval.LowerRank(samples, 0.05));
        if (rank > 0) Assert.Equal(coverage, 1 - MedianInterval.Error(samples, rank), 5);
        Assert.True(MedianInterval.Error(samples, rank + 1) > 0.05);
    }

    [Fact]
    public void Three_visits_have_no_interval() =>
        Assert.Null(MedianInterval.From(new Latencies(1).Take(1, 100, 100, 100)));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1, 0)]
    [InlineData(0, 0.3)]
    public void The_interval_covers_the_true_median_as_often_as_it_says(double outliers, double correlation)
    {
        // Outliers are longer only, so that the true median of all is a little above that of the others.
        double median = outliers == 0 ? 1 : Math.Exp(0.1 * MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, 0.5 / (1 - outliers)));
        var latencies = new Latencies(11) { Outliers = outliers, Correlation = correlation };
        double covered = Enumerable.Range(0, 2000)
            .Average(_ => MedianInterval.From(latencies.Take(1, [.. Enumerable.Repeat(6, 10)]))!.Value.Contains(median) ? 1.0 : 0.0);
        Assert.InRange(covered, 0.935, 1);
    }
}

public sealed class MedianPrecisionTests
{
    /// <summary>Ranks of the tables for the sign test at 95 %.</summary>
    [Theory]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(20, 6)]
    [InlineData(100, 40)]
    public void Ranks_are_those_of_the_binomial_distribution(int count, int rank) =>
        Assert.Equal(rank, MedianInterval.LowerRank(count, 0.05));

    [Fact]
    public void Half_the_interval_over_the_median() =>
        Assert.Equal((120 - 80) / 2.0 / 100, MedianPrecision.From([80, 99, 99, 101, 101, 120]));

    [Fact]
    public void Five_visits_say_too_little() => Assert.Null(MedianPrecision.From([1, 1, 1, 1, 1]));

    [Fact]
    public void Samples_of_a_visit_count_as_one()
    {
        long[] durations = [.. Enumerable.Range(0, 6).SelectMany(visit => (long[])[1, 100 + visit, 9999])];

        Assert.Equal(2.5 / 102.5, MedianPrecision.From(durations, Enumerable.Repeat(new Visit(0, 3), 6)));
    }
}
