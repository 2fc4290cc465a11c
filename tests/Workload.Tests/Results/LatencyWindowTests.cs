using Observatory.Study;

namespace Observatory.Workload.Tests;

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
    public void A_small_window_keeps_the_newest_and_counts_all()
    {
        var window = new LatencyWindow(LatencyWindow.OfEndless);
        for (int n = 0; n < LatencyWindow.OfEndless + 7; n++) window.Add(Lasting(n < 7 ? 5 * Second : Second), at: n);
        Assert.Equal((LatencyWindow.OfEndless, 7, LatencyWindow.OfEndless + 7), (window.Samples.Count, window.Dropped, window.Count));
        Assert.Equal((1, 5), (window.Summarize()!.P50, window.Summarize()!.Max));
    }

    [Fact]
    public void Percentiles_are_those_of_the_newest_and_extremes_those_of_all()
    {
        LatencyWindow window = Window(1, 10);
        for (int n = 0; n < LatencyWindow.Capacity; n++) window.Add(Lasting(5 * Second), at: n);

        Assert.Equal(new LatencySummary(5, 5, 1, 10), window.Summarize());
        Assert.Equal(LatencyWindow.Capacity + 10, window.Count);
    }

    [Fact]
    public void Samples_keep_their_order_and_their_visits()
    {
        var window = new LatencyWindow();
        foreach (int at in (int[])[10, 20, 30])
        {
            window.BeginVisit();
            window.Add(Lasting(at + 1, iteration: at), at);
            window.Add(Lasting(at + 2, iteration: at + 1), at + 5);
        }

        Assert.Equal([11, 12, 21, 22, 31, 32], window.Samples.Select(sample => sample.Nanoseconds));
        Assert.Equal([At(10, 2, first: 10), At(20, 2, first: 20), At(30, 2, first: 30)], window.Visits);
    }

    [Fact]
    public void What_is_not_kept_leaves_its_visit_and_is_counted()
    {
        LatencyWindow window = Window(1, 3);
        window.BeginVisit();
        for (int n = 0; n < LatencyWindow.Capacity - 1; n++) window.Add(Lasting(Second, iteration: 4 + n), at: 100);

        Assert.Equal([At(0, 1, first: 3), At(100, LatencyWindow.Capacity - 1, first: 4)], window.Visits);
        Assert.Equal((2, LatencyWindow.Capacity), (window.Dropped, window.Samples.Count));
    }

    private const long Second = 1_000_000_000;

    [Fact]
    public void The_most_that_an_iteration_allocated_is_kept()
    {
        LatencyWindow window = Window(1, 2);
        Assert.Equal(0, window.MostAllocated);
        window.Add(new Sample(3, Second, Disturbances.None, AllocatedBytes: 48), at: 0);
        window.Add(Lasting(Second), at: 0);

        Assert.Equal(48, window.MostAllocated);
        Assert.Null(new LatencyWindow().MostAllocated);
    }

    private static Sample Lasting(long nanoseconds, long iteration = 1) => new(iteration, nanoseconds, Disturbances.None, 0);

    private static Visit At(long ns, int samples, long first) => new(ns, samples) { FirstIteration = first };

    private static LatencyWindow Window(int first, int count)
    {
        var window = new LatencyWindow();
        foreach ((int index, int value) in Enumerable.Range(first, count).Reverse().Index())
        {
            window.Add(Lasting(value * Second, iteration: index + 1), at: 0);
        }

        return window;
    }
}
