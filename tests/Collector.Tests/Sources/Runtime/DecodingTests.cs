using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>Which collection a suspension was for.</summary>
public sealed class PauseTests
{
    private readonly PauseTracker _pauses = new();

    [Fact]
    public void A_blocking_collection_lies_within_its_suspension()
    {
        Suspend(10, still: 13);
        Begin(1, generation: 0);
        _pauses.CollectionEnded(1);
        Assert.Equal(new GcPause(At(10), new Duration(20), new Duration(3), 0, "alloc_small", 7), Restart(30));
    }

    [Fact]
    public void A_background_collection_suspends_twice()
    {
        Suspend(10, still: 11);
        Begin(1, generation: 2, GcCollection.Background);
        Assert.Equal(2, Restart(15).Generation);
        Suspend(20, still: 21);
        Assert.Equal(2, Restart(25).Generation);
        _pauses.CollectionEnded(1);
        Suspend(30, still: 31);
        Assert.Null(Restart(35).Generation);
    }

    [Fact]
    public void A_foreground_collection_has_its_own_suspension_while_one_goes_on_in_the_background()
    {
        Suspend(10, still: 11);
        Begin(1, generation: 2, GcCollection.Background);
        Restart(15);
        Suspend(20, still: 21);
        Begin(2, generation: 0, "foreground");
        _pauses.CollectionEnded(2);
        Assert.Equal(0, Restart(25).Generation);
        Suspend(30, still: 31);
        Assert.Equal(2, Restart(35).Generation);
    }

    [Fact]
    public void A_suspension_for_something_else_keeps_its_own_reason()
    {
        Begin(1, generation: 2, GcCollection.Background);
        _pauses.SuspensionBegan(At(10), "suspend_for_debugger", forCollection: false, thread: 7);
        _pauses.Suspended(At(12));
        Assert.Equal(new GcPause(At(10), new Duration(5), new Duration(2), null, "suspend_for_debugger", 7), Restart(15));
    }

    [Fact]
    public void A_suspension_whose_beginning_was_not_seen_is_none() => Assert.False(_pauses.TryEnd(At(10), out _));

    [Fact]
    public void After_a_loss_nothing_that_was_open_is_believed()
    {
        Suspend(10, still: 11);
        _pauses.Forget();
        Assert.False(_pauses.TryEnd(At(20), out _));
    }

    private static Timestamp At(long nanoseconds) => new(nanoseconds);

    private void Suspend(long at, long still)
    {
        _pauses.SuspensionBegan(At(at), "suspend_for_gc", forCollection: true, thread: 7);
        _pauses.Suspended(At(still));
    }

    private void Begin(int number, int generation, string kind = "blocking") =>
        _pauses.CollectionBegan(new GcCollection(number, generation, "alloc_small", kind));

    private GcPause Restart(long at)
    {
        Assert.True(_pauses.TryEnd(At(at), out GcPause pause));
        return pause;
    }
}

public sealed class OpenSpansTests
{
    private readonly OpenSpans<int, string> _spans = new(most: 3);

    [Fact]
    public void What_begins_and_ends_has_a_duration()
    {
        _spans.Begin(1, new Timestamp(10), "a");
        Assert.True(_spans.TryEnd(1, new Timestamp(25), out Duration duration, out string detail));
        Assert.Equal((15L, "a"), (duration.Nanoseconds, detail));
        Assert.False(_spans.TryEnd(1, new Timestamp(30), out _, out _));
    }

    [Fact]
    public void What_begins_again_has_never_ended()
    {
        _spans.Begin(1, new Timestamp(10), "a");
        _spans.Begin(1, new Timestamp(20), "b");
        Assert.True(_spans.TryEnd(1, new Timestamp(25), out Duration duration, out _));
        Assert.Equal(5, duration.Nanoseconds);
    }

    [Fact]
    public void What_never_ends_takes_no_more_than_its_share_of_memory()
    {
        for (int key = 0; key < 1000; key++) _spans.Begin(key, new Timestamp(key), "");
        Assert.InRange(_spans.Count, 1, 3);
    }
}

public sealed class AllocationSampleTests
{
    /// <summary>Draws as the runtime does: the distance to the next sampled byte is exponential.</summary>
    [Theory]
    [InlineData(24)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void Samples_add_up_to_what_was_allocated(long size)
    {
        const int Objects = 2_000_000;
        var random = new Random(4711);
        double bytes = 0;
        double objects = 0;
        double next = Distance(random);
        for (int i = 0; i < Objects; i++)
        {
            next -= size;
            if (next > 0) continue;
            AllocationSample sample = AllocationSample.Sampled("T", "small", size);
            bytes += sample.Bytes;
            objects += sample.Objects;
            next = Distance(random);
        }

        Assert.InRange(bytes / ((double)size * Objects), 0.8, 1.2);
        Assert.InRange(objects / Objects, 0.8, 1.2);
    }

    [Fact]
    public void A_sample_of_nothing_stands_for_nothing() => Assert.Equal(0, AllocationSample.Sampled("T", "small", 0).Bytes);

    [Fact]
    public void A_tick_stands_for_all_since_the_last_one()
    {
        AllocationSample tick = AllocationSample.Tick("T", "small", size: 100, since: 102_400);
        Assert.Equal((102_400d, 1_024d), (tick.Bytes, tick.Objects));
    }

    private static double Distance(Random random) => -Math.Log(1 - random.NextDouble()) * AllocationSample.MeanDistance;
}
