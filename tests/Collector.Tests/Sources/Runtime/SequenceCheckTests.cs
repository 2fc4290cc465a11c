using Observatory.Contract;

namespace Observatory.Collector.Tests;

public sealed class SequenceCheckTests
{
    private const int Driver = 7;
    private readonly SequenceCheck _check = new();

    [Fact]
    public void An_observer_that_attaches_late_misses_nothing() => Assert.Equal(0, Observe(4711, ofThread: 4711));

    [Fact]
    public void Numbers_without_a_gap_mean_no_loss() => Assert.All([1L, 2L, 3L], n => Assert.Equal(0, Observe(n, n)));

    [Fact]
    public void A_gap_tells_how_many_are_missing()
    {
        Observe(10, ofThread: 10);
        Assert.Equal(3, Observe(14, ofThread: 14));
        Assert.Equal(0, Observe(15, ofThread: 15));
    }

    [Fact]
    public void Threads_that_write_in_another_order_than_they_were_numbered_lose_nothing()
    {
        // A takes 7, B takes 8 and writes first.
        Assert.Equal(0, Observe(6, ofThread: 1, thread: 1));
        Assert.Equal(0, Observe(8, ofThread: 1, thread: 2));
        Assert.Equal(0, Observe(7, ofThread: 2, thread: 1));
        Assert.Equal([0L, 0, 0, 0], Enumerable.Range(0, 4).Select(_ => Beat(8)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    public void Whatever_order_threads_write_in_exactly_what_was_lost_is_missing(int threads)
    {
        var random = new Random(threads);
        long[] own = new long[threads];
        List<(int Thread, long Number, long Own)> inFlight = [];
        long number = 0, lost = 0, missing = 0;
        for (int step = 0; step < 200_000; step++)
        {
            int thread = random.Next(threads);
            // A thread has one event on its way at a time.
            if (inFlight.FindIndex(sent => sent.Thread == thread) is var waits and >= 0) Deliver(waits);
            inFlight.Add((thread, ++number, ++own[thread]));
            if (step % 997 == 0) Beat();
        }

        while (inFlight.Count > 0) Deliver(0);
        for (int beat = 0; beat < 3; beat++) Beat();
        Assert.True(lost > 100);
        Assert.Equal(lost, missing);

        void Deliver(int place)
        {
            (int thread, long at, long ofThread) = inFlight[place];
            inFlight.RemoveAt(place);
            // The very first is where the check begins.
            if (at > threads && random.Next(1000) == 0) lost++;
            else missing += Observe(at, ofThread, thread);
        }

        void Beat() => missing += _check.ObserveHeartbeat(number);
    }

    [Fact]
    public void A_heartbeat_tells_of_losses_that_no_event_follows()
    {
        Observe(10, ofThread: 10);
        Assert.Equal(0, Beat(14));
        Assert.Equal(0, Beat(14));
        Assert.Equal(4, Beat(14));
        Assert.Equal(0, Beat(14));
    }

    [Fact]
    public void An_event_that_was_being_written_during_a_heartbeat_is_not_missing()
    {
        Observe(10, ofThread: 10);
        Assert.Equal(0, Beat(11));
        Assert.Equal(0, Observe(11, ofThread: 11));
        Assert.Equal([0L, 0], [Beat(11), Beat(11)]);
    }

    [Fact]
    public void A_loss_that_a_heartbeat_told_of_is_not_told_again()
    {
        Observe(10, ofThread: 10);
        Beat(12);
        Beat(12);
        Assert.Equal(2, Beat(12));
        Assert.Equal(0, Observe(13, ofThread: 13));
    }

    [Fact]
    public void A_loss_that_an_event_told_of_is_not_told_again_by_heartbeats()
    {
        Observe(10, ofThread: 10);
        Assert.Equal(2, Observe(13, ofThread: 13));
        Assert.Equal([0L, 0, 0], [Beat(13), Beat(13), Beat(13)]);
    }

    [Fact]
    public void Without_numbers_of_threads_heartbeats_find_what_is_missing()
    {
        Observe(10, ofThread: 0);
        Assert.Equal(0, Observe(14, ofThread: 0));
        Assert.Equal(0, Observe(12, ofThread: 0));
        Assert.Equal([0L, 0, 2, 0], [Beat(14), Beat(14), Beat(14), Beat(14)]);
    }

    [Fact]
    public void A_new_thread_under_an_old_id_begins_anew()
    {
        Observe(10, ofThread: 500);
        Assert.Equal(0, Observe(11, ofThread: 1));
        Assert.Equal(1, Observe(13, ofThread: 3));
    }

    [Fact]
    public void Numbers_that_no_program_counts_to_are_never_a_negative_or_an_absurd_loss()
    {
        long[] lies = [1_000_000_000_000_000, -5, long.MinValue, long.MaxValue, 0, 17, -1_000_000_000_000_000, 3];
        foreach (long lie in lies)
        {
            Assert.InRange(Observe(lie, ofThread: lie), 0, 17);
            Assert.InRange(Beat(-lie), 0, 17);
            Assert.InRange(Beat(lie), 0, 17);
        }
    }

    private long Observe(long sequence, long ofThread, int thread = Driver) =>
        _check.ObserveIteration(thread, new IterationPayload(sequence, 0, 0, ofThread));

    private long Beat(long sequence) => _check.ObserveHeartbeat(sequence);
}
