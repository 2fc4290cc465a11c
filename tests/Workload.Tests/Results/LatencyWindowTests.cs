using Observatory.Workload.Results;

namespace Observatory.Workload.Tests.Results;

public sealed class LatencyWindowTests
{
    [Fact]
    public void Nothing_added_has_no_summary() => Assert.Null(new LatencyWindow().Summarize());

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 2, 3, 3)]
    [InlineData(20, 10, 19, 20)]
    [InlineData(100, 50, 95, 100)]
    public void Percentiles_are_by_nearest_rank(int count, double p50, double p95, double most) =>
        Assert.Equal(new LatencySummary(p50, p95, 1, most), Window(1, count).Summarize());

    [Fact]
    public void Percentiles_are_those_of_the_newest_and_extremes_those_of_all()
    {
        LatencyWindow window = Window(1, 10);
        for (int n = 0; n < LatencyWindow.Capacity; n++) window.Add(5);

        Assert.Equal(new LatencySummary(5, 5, 1, 10), window.Summarize());
        Assert.Equal(LatencyWindow.Capacity + 10, window.Count);
    }

    private static LatencyWindow Window(int first, int count)
    {
        var window = new LatencyWindow();
        foreach (int value in Enumerable.Range(first, count).Reverse()) window.Add(value);
        return window;
    }
}
