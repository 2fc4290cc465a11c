using Observatory.Study.Results;
using Observatory.Workload.Results;

namespace Observatory.Workload.Tests.Results;

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
        Assert.Equal(rank, MedianPrecision.LowerRank(count));

    [Fact]
    public void Half_the_interval_over_the_median() =>
        Assert.Equal((120 - 80) / 2.0 / 100, MedianPrecision.Of([80, 99, 99, 101, 101, 120]));

    [Fact]
    public void Five_visits_say_too_little() => Assert.Null(MedianPrecision.Of([1, 1, 1, 1, 1]));

    [Fact]
    public void Samples_of_a_visit_count_as_one()
    {
        var window = new LatencyWindow();
        for (int visit = 0; visit < 6; visit++)
        {
            window.BeginVisit();
            foreach (int duration in (int[])[1, 100 + visit, 9999]) window.Add(new Sample(duration, Disturbances.None), 0);
        }

        Assert.Equal(2.5 / 102.5, MedianPrecision.Of(window));
    }
}
