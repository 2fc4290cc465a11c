using Microsoft.Extensions.Diagnostics.HealthChecks;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class TimelinePumpTests
{
    private readonly Inbox _runtime = new(StreamKind.Runtime);
    private readonly Inbox _kernel = new(StreamKind.Scheduler, capacity: 4);

    [Fact]
    public void What_is_in_the_inboxes_when_it_finishes_is_accounted_for()
    {
        var sink = new RecordingSink();
        using TimelinePump pump = Start(sink);
        _kernel.Join(new Timestamp(1));
        _runtime.Join(new Timestamp(1));
        _runtime.Post([TimelineEvent.IterationBegan(new Timestamp(10), 7, 1, 0)], new Timestamp(10));
        _kernel.Post([TimelineEvent.Preempted(new Timestamp(30), 0, 7, 1)], new Timestamp(30));
        _kernel.Post([TimelineEvent.SwitchIn(new Timestamp(50), 0, 7, 1)], new Timestamp(50));
        _runtime.Post([TimelineEvent.IterationEnded(new Timestamp(110), 7, 1, 0)], new Timestamp(110));
        _kernel.Post([], new Timestamp(110));
        pump.Finish();

        UnitAccount account = sink.Accounts.Single().Account;
        Assert.True(account.IsComplete);
        Assert.Equal(new Duration(80), account.Times[AccountState.Running]);
        Assert.Equal(new Duration(20), account.Times[AccountState.Preempted]);
    }

    [Fact]
    public void A_loss_that_a_source_reports_makes_the_account_incomplete()
    {
        var sink = new RecordingSink();
        using TimelinePump pump = Start(sink);
        _kernel.Join(new Timestamp(1));
        _runtime.Join(new Timestamp(1));
        _runtime.Post([TimelineEvent.IterationBegan(new Timestamp(10), 7, 1, 0)], new Timestamp(10));
        _kernel.Post([TimelineEvent.LossEnded(new Timestamp(60), LossScope.Cpu(0))], new Timestamp(60));
        _runtime.Post([TimelineEvent.IterationEnded(new Timestamp(110), 7, 1, 0)], new Timestamp(110));
        pump.Finish();

        UnitAccount account = sink.Accounts.Single().Account;
        Assert.False(account.IsComplete);
        Assert.Equal(account.Wall, account.Times.Total);
        Assert.Equal(new TimelineCounts { IterationsClosed = 1, IterationsIncomplete = 1 }, pump.Counts);
    }

    [Fact]
    public async Task A_failing_timeline_is_told_and_sources_do_not_wait_for_ever()
    {
        using TimelinePump pump = Start(new ThrowingObserver(), () => 0);
        Assert.True(ObservationHealth.IsUp(pump));
        _runtime.Join(new Timestamp(1));
        _runtime.Post([TimelineEvent.SuspensionBegan(new Timestamp(5)), TimelineEvent.SuspensionEnded(new Timestamp(6))], new Timestamp(6));
        // Many times the capacity of the inbox: without a pump that still empties it, this would never return.
        for (int at = 10; at < 30; at++) _kernel.Post([TimelineEvent.Waking(new Timestamp(at), 0, 7)], new Timestamp(at));
        await pump.Failed.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.False(ObservationHealth.IsUp(pump));
        Assert.Equal(HealthStatus.Unhealthy, ObservationHealth.Check(pump).Status);
        Assert.StartsWith("failed: ", ObservationHealth.Check(pump).Description, StringComparison.Ordinal);
        pump.Finish();
        Assert.IsType<InvalidOperationException>(pump.Failure);
    }

    [Fact]
    public void Health_is_what_the_sources_say()
    {
        var source = new SourceStatus("kernel");
        source.Stopped("no rights");
        Assert.Equal((HealthStatus.Degraded, "no rights"), Read(ObservationHealth.Check(source)));
        source.Started(Tiers.Kernel, "rings");
        Assert.Equal(HealthStatus.Healthy, ObservationHealth.Check(source).Status);
        source.Failed(new InvalidOperationException("odd"));
        Assert.Equal((HealthStatus.Unhealthy, "failed: odd"), Read(ObservationHealth.Check(source)));
        Assert.Equal(HealthStatus.Healthy, ObservationHealth.Check((TimelinePump?)null).Status);
    }

    private static (HealthStatus, string?) Read(HealthCheckResult result) => (result.Status, result.Description);

    private TimelinePump Start(IFindingsSink sink)
    {
        var registry = new ConfigurationRegistry();
        registry.Declare(Samples.Configuration(0));
        var router = new FindingsRouter(registry, [sink]);
        return Start(router, () => router.Incomplete);
    }

    private TimelinePump Start(ITimelineObserver observer, Func<long> incomplete)
    {
        var pump = new TimelinePump(new Timeline.Timeline(1, observer), [_runtime, _kernel], incomplete);
        pump.Start();
        return pump;
    }

    private sealed class ThrowingObserver : ITimelineObserver
    {
        public void RunQueueWaited(ReadOnlySpan<Duration> waits) => throw new InvalidOperationException();

        public void Suspended(in Suspension suspension) => throw new InvalidOperationException();
    }
}

/// <summary>A machine that switches a million times a second must not make the collector's memory grow with it.</summary>
[Collection(OwnMemory.Name)]
public sealed class FloodTests
{
    private const int AVisit = 100_000;

    [Fact]
    public void A_flood_that_lags_behind_and_catches_up_again_leaves_no_garbage()
    {
        var timeline = new Timeline.Timeline(Environment.ProcessId, new NoObserver());
        var inbox = new Inbox(StreamKind.Scheduler);
        using var pump = new TimelinePump(timeline, [inbox], incomplete: () => 0);
        inbox.Join(Timestamp.Zero);
        timeline.Join(StreamKind.Runtime, Timestamp.Zero);
        TimelineEvent[] events = new TimelineEvent[AVisit];
        long now = 0;

        // Room grows as long as more is held than ever before.
        for (int second = 0; second < 2; second++) Second();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int second = 0; second < 5; second++) Second();
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 5_000_000);

        // Two million events in twenty visits, of which the runtime's stream lets go at the end only.
        void Second()
        {
            for (int visit = 0; visit < 20; visit++)
            {
                for (int i = 0; i < events.Length; i++)
                {
                    // The one that leaves is the one that came.
                    int thread = 1 + ((i + 1) / 2 % 2);
                    now += 500;
                    events[i] = i % 2 == 0 ? TimelineEvent.SwitchOut(new(now), 0, thread, thread) : TimelineEvent.SwitchIn(new(now), 0, thread, thread);
                }

                inbox.Post(events, new Timestamp(now));
                pump.Visit();
                Assert.InRange(timeline.HeldBytes, 0, new TimelineLimits().MaximumHeldBytes + (AVisit * 16));
            }

            timeline.Advance(StreamKind.Runtime, new Timestamp(now));
        }
    }

    private sealed class NoObserver : ITimelineObserver;
}

public sealed class InboxTests
{
    [Fact]
    public void Takes_what_was_posted_since_the_last_time()
    {
        var inbox = new Inbox(StreamKind.Runtime);
        inbox.Post([Event(1), Event(2)], new Timestamp(2));
        inbox.Post([Event(3)], new Timestamp(3));

        Delivery first = inbox.Take();
        Assert.Equal([1, 2, 3], first.Events.Run.ToArray().Select(e => e.At.Nanoseconds));
        Assert.Equal(new Timestamp(3), first.CompleteTo);
        Assert.Equal(0, inbox.Take().Events.Count);
    }

    [Fact]
    public void Says_once_that_it_is_half_full_until_it_is_taken()
    {
        int told = 0;
        var inbox = new Inbox(StreamKind.Scheduler, capacity: 4) { Filling = () => told++ };
        List<int> after = [];
        for (int at = 1; at <= 4; at++)
        {
            inbox.Post([Event(at)], new Timestamp(at));
            after.Add(told);
        }

        inbox.Take();
        inbox.Post([Event(5), Event(6)], new Timestamp(6));
        Assert.Equal([0, 1, 1, 1, 2], [.. after, told]);
    }

    [Fact]
    public void Tells_when_the_source_joined_and_left()
    {
        var inbox = new Inbox(StreamKind.Runtime);
        inbox.Join(new Timestamp(1));
        inbox.Leave(new Timestamp(9));

        Delivery delivery = inbox.Take();
        Assert.Equal((new Timestamp(1), new Timestamp(9)), (delivery.Joined, delivery.Left));
        Assert.Null(inbox.Take().Joined);
    }

    [Fact]
    public async Task A_source_that_finds_it_full_waits_and_loses_nothing()
    {
        const int events = 10_000;
        var inbox = new Inbox(StreamKind.Scheduler, capacity: 100);
        Task source = Task.Factory.StartNew(
            () => Enumerable.Range(1, events).ToList().ForEach(at => inbox.Post([Event(at)], new Timestamp(at))),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        List<long> taken = [];
        int largest = 0;
        while (taken.Count < events)
        {
            Delivery delivery = inbox.Take();
            largest = Math.Max(largest, delivery.Events.Count);
            taken.AddRange(delivery.Events.Run.ToArray().Select(e => e.At.Nanoseconds));
            await Task.Yield();
        }

        await source;
        Assert.Equal(Enumerable.Range(1, events).Select(at => (long)at), taken);
        Assert.InRange(largest, 1, 100);
    }

    private static TimelineEvent Event(long at) => TimelineEvent.SuspensionBegan(new Timestamp(at));
}
