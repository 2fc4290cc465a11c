using System.Collections.Concurrent;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>
/// Where a loss of EventPipe is placed. TraceEvent counts it when it reads the block behind the gap: by then events of other
/// threads, from before the gap, are still to be handed over, and others, from after it, may have been.
/// </summary>
[Collection(OwnRuntime.Name)]
public sealed class LossPlacementTests : IDisposable
{
    private const int Rounds = 6;
    private const int BufferMegabytes = 1;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<(Timestamp From, Timestamp To)> _collections = new();
    private readonly ManualResetEvent _reads = new(true);
    private readonly ManualResetEvent _over = new(false);
    private volatile bool _isFilling;

    public void Dispose()
    {
        _reads.Dispose();
        _over.Dispose();
    }

    [Theory]
    [InlineData(100, 200, 200)]
    [InlineData(300, 200, 300)]
    public void A_loss_lasts_until_what_is_read_now_not_until_the_event_that_is_handed_over(long at, long now, long expected) =>
        Assert.Equal(new Timestamp(expected), RuntimeEventDecoder.PlaceOfLoss(new Timestamp(at), new Timestamp(now)));

    /// <summary>A small buffer, a thread that fills it and one that only collects.</summary>
    [Fact]
    public async Task Every_collection_that_is_not_seen_is_covered_by_a_loss()
    {
        using EventPipeSession session = await OwnRuntime.StartSessionAsync(BufferMegabytes);
        var status = new SourceStatus("runtime");
        List<TimelineEvent> events = [];
        List<(Timestamp From, Timestamp To, Timestamp Handed)> losses = [];
        Task reading = Task.Factory.StartNew(
            () => Read(session, status, events, losses), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(SpinWait.SpinUntil(WorkloadEventSource.Log.IsEnabled, Limit));
        Thread[] threads = [new(Collect), new(Fill), new(Beat)];
        foreach (Thread thread in threads) thread.Start();
        for (int round = 0; round < Rounds; round++)
        {
            _isFilling = _reads.Reset();
            await Task.Delay(400, TestContext.Current.CancellationToken);
            _isFilling = !_reads.Set();
            await Task.Delay(600, TestContext.Current.CancellationToken);
        }

        _over.Set();
        foreach (Thread thread in threads) Assert.True(thread.Join(Limit));
        await session.StopAsync(TestContext.Current.CancellationToken);
        await reading.WaitAsync(Limit, TestContext.Current.CancellationToken);

        (Timestamp From, Timestamp To)[] seen = Suspensions(events, [.. losses.Select(loss => loss.From)]);
        // The runtime may begin to tell of collections a moment after it tells of iterations.
        (Timestamp From, Timestamp To)[] collections = [.. _collections.Where(collection => collection.From > seen[0].From)];
        (Timestamp From, Timestamp To)[] unseen = [.. collections.Where(collection => !seen.Any(one => AreBeside(one, collection)))];
        (Timestamp From, Timestamp To)[] outside = Outside([.. losses.Select(loss => (loss.From, loss.To))]);
        int outsideOfHanded = Outside([.. losses.Select(loss => (loss.From, Timestamp.Later(loss.From, loss.Handed)))]).Length;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{status.Lost} events lost, {losses.Count} losses; {collections.Length} collections, {unseen.Length} not seen, {outside.Length} of them outside of every loss; "
            + $"{outsideOfHanded} would be if a loss ended at the event that is handed over");
        Assert.True(status.Lost > 0);
        Assert.NotEmpty(unseen);
        Assert.True(outside.Length == 0, string.Join('\n', outside.Take(5).Select(Around)));

        // When exactly the threads stood still is not known of one that was not seen, only between which instants.
        (Timestamp From, Timestamp To)[] Outside((Timestamp From, Timestamp To)[] lost) =>
            [.. unseen.Where(collection => !lost.Any(loss => AreBeside(loss, collection)))];

        string Around((Timestamp From, Timestamp To) collection) =>
            $"{collection}: {string.Join(", ", losses.Where(loss => IsNear(collection, loss.From, loss.To)))}; {string.Join(", ", seen.Where(one => IsNear(collection, one.From, one.To)))}";

        static bool IsNear((Timestamp From, Timestamp To) collection, Timestamp from, Timestamp to) =>
            from <= new Timestamp(collection.To.Nanoseconds + 100_000_000) && to >= new Timestamp(collection.From.Nanoseconds - 100_000_000);
    }

    private static bool AreBeside((Timestamp From, Timestamp To) one, (Timestamp From, Timestamp To) other) => one.From <= other.To && one.To >= other.From;

    /// <summary>
    /// A suspension whose end was lost lasts until the loss begins, as on the timeline: another thread that asked for a collection
    /// meanwhile only waited for this one.
    /// </summary>
    private static (Timestamp From, Timestamp To)[] Suspensions(IEnumerable<TimelineEvent> events, Timestamp[] lossesBegan)
    {
        List<(Timestamp From, Timestamp To)> suspensions = [];
        bool isOpen = false;
        int loss = 0;
        foreach (TimelineEvent happened in events)
        {
            switch (happened.Kind)
            {
                case EventKind.SuspensionBegan:
                    suspensions.Add((happened.At, happened.At));
                    isOpen = true;
                    break;
                case EventKind.SuspensionEnded when isOpen:
                    suspensions[^1] = (suspensions[^1].From, happened.At);
                    isOpen = false;
                    break;
                case EventKind.LossEnded:
                    Timestamp began = lossesBegan[loss++];
                    if (isOpen) suspensions[^1] = (suspensions[^1].From, Timestamp.Later(suspensions[^1].From, began));
                    // The end that comes may be that of another.
                    isOpen = false;
                    break;
            }
        }

        return [.. suspensions];
    }

    private void Read(EventPipeSession session, SourceStatus status, List<TimelineEvent> events, List<(Timestamp From, Timestamp To, Timestamp Handed)> losses)
    {
        Timestamp told = Timestamp.Zero, handed = Timestamp.Zero;
        var decoder = new RuntimeEventDecoder(
            status, Deliver, _ => { }, new ThreadReports(new CounterReadings(), new CounterGroups(null, _ => { })), (thread, _) => thread);
        var backlog = new RuntimeBacklog(BufferMegabytes << 20);
        using var ahead = new ReadAheadStream(session.EventStream);
        using var stream = new EventPipeEventSource(ahead);
        stream.AllEvents += happened =>
        {
            _reads.WaitOne();
            handed = EventTime.From(happened);
            decoder.Decode(happened, stream.EventsLost);
            told = Timestamp.Later(told, backlog.Claim(handed, new Timestamp(MonotonicClock.NowNanoseconds()), ahead.Taken));
        };
        stream.Process();

        void Deliver(TimelineEvent happened)
        {
            events.Add(happened);
            // Since everything was last complete, as the timeline takes it.
            if (happened.Kind == EventKind.LossEnded) losses.Add((told, happened.At, handed));
        }
    }

    private void Collect()
    {
        // Often enough to fill its own buffer as well; afterwards so seldom that its gap is found late.
        while (!_over.WaitOne(_isFilling ? 0 : 100))
        {
            var from = new Timestamp(MonotonicClock.NowNanoseconds());
            GC.Collect(0);
            // Another thread of these tests may be collecting, from before this instant on; this one then only waits for it.
            _collections.Enqueue((from, new Timestamp(MonotonicClock.NowNanoseconds())));
        }
    }

    private void Fill()
    {
        while (!_over.WaitOne(_isFilling ? 0 : 1))
        {
            for (int i = 0; i < 1000 && _isFilling; i++) WorkloadEventSource.Log.EndIteration(WorkloadEventSource.Log.BeginIteration(0), 0);
        }
    }

    private void Beat()
    {
        while (!_over.WaitOne(1)) WorkloadEventSource.Log.EndIteration(WorkloadEventSource.Log.BeginIteration(1), 1);
    }
}
