namespace Observatory.Study.Tests;

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
        Assert.Equal((120 - 80) / 2.0 / 100, MedianPrecision.Of([80, 99, 99, 101, 101, 120]));

    [Fact]
    public void Five_visits_say_too_little() => Assert.Null(MedianPrecision.Of([1, 1, 1, 1, 1]));

    [Fact]
    public void Samples_of_a_visit_count_as_one()
    {
        long[] durations = [.. Enumerable.Range(0, 6).SelectMany(visit => (long[])[1, 100 + visit, 9999])];

        Assert.Equal(2.5 / 102.5, MedianPrecision.Of(durations, Enumerable.Repeat(new Visit(0, 3), 6)));
    }
}
