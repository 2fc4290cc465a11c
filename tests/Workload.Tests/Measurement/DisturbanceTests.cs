using Observatory.Kernel;
using Observatory.Study;

namespace Observatory.Workload.Tests;

public sealed class DisturbanceTests
{
    private const long Millisecond = 1_000_000;

    private static readonly DisturbanceCounts Before = new(3, TimeSpan.FromMilliseconds(7), 5 * Millisecond, 2);

    [Fact]
    public void Counters_that_stand_still_mean_no_disturbance() =>
        Assert.Equal(Disturbances.None, Before.Since(Before, Millisecond));

    [Fact]
    public void Each_counter_has_its_mark()
    {
        Assert.Equal(Disturbances.Gc, (Before with { Collections = 4 }).Since(Before, Millisecond));
        Assert.Equal(Disturbances.Gc, (Before with { Paused = TimeSpan.FromMilliseconds(8) }).Since(Before, Millisecond));
        Assert.Equal(Disturbances.Throttled, (Before with { Throttled = 3 }).Since(Before, Millisecond));
        Assert.Equal(
            Disturbances.Gc | Disturbances.Preempted,
            (Before with { Collections = 4, WaitedNs = 6 * Millisecond }).Since(Before, 3 * Millisecond));
    }

    [Theory]
    [InlineData(10_000, Disturbances.None)]
    [InlineData(10_001, Disturbances.Preempted)]
    public void Waiting_counts_beyond_one_percent(long waited, Disturbances expected) =>
        Assert.Equal(expected, (Before with { WaitedNs = Before.WaitedNs + waited }).Since(Before, Millisecond));

    [Fact]
    public void A_collection_between_two_readings_is_seen()
    {
        using var watch = new DisturbanceWatch(new CgroupFiles("/"), "none of this name", threads: 1);
        DisturbanceCounts before = watch.Read();

        GC.Collect();

        Assert.True(watch.Read().Since(before, Millisecond).HasFlag(Disturbances.Gc));
        Assert.False(watch.Watched.HasFlag(Disturbances.Preempted));
    }

    [Fact]
    public void Reading_allocates_nothing() => OnNamedThread("watched", () =>
    {
        using var watch = new DisturbanceWatch(new CgroupFiles("/"), "watched", threads: 1);
        Assert.SkipUnless(watch.Watched.HasFlag(Disturbances.Preempted), "The kernel has no schedstat.");
        for (int n = 0; n < 100; n++) watch.Read();
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int n = 0; n < 1000; n++) watch.Read();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    });

    [Fact]
    public void Waiting_is_that_of_the_threads_with_the_name() => OnNamedThread("team of one", () =>
    {
        using RunDelay? delay = RunDelay.Open("team of one");

        Assert.SkipWhen(delay is null, "The kernel has no schedstat.");
        Assert.Equal(1, delay.Threads);
        Assert.True(delay.Nanoseconds() >= 0);
    });

    [Fact]
    public void Numbers_are_found_by_name_and_by_place()
    {
        Assert.Equal(17, CounterFile.Number("nr_periods 4\nnr_throttled 17\nthrottled_time 9\n"u8, "nr_throttled "u8, 0));
        Assert.Equal(22, CounterFile.Number("11 22 33\n"u8, [], 1));
        Assert.Null(CounterFile.Number("nr_periods 4\n"u8, "nr_throttled "u8, 0));
        Assert.Null(CounterFile.Number(""u8, [], 1));
    }

    private static void OnNamedThread(string name, Action body)
    {
        Exception? problem = null;
        var thread = new Thread(() => problem = Record.Exception(body)) { Name = name };
        thread.Start();
        thread.Join();
        if (problem is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(problem);
    }
}
