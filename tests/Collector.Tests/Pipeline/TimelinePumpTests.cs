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
    public void A_failing_sink_is_reported_and_sources_do_not_wait_for_ever()
    {
        using TimelinePump pump = Start(new ThrowingSink());
        _runtime.Join(new Timestamp(1));
        _runtime.Post([TimelineEvent.SuspensionBegan(new Timestamp(5)), TimelineEvent.SuspensionEnded(new Timestamp(6))], new Timestamp(6));
        // Many times the capacity of the inbox: without a pump that still empties it, this would never return.
        for (int at = 10; at < 30; at++) _kernel.Post([TimelineEvent.Waking(new Timestamp(at), 0, 7)], new Timestamp(at));
        pump.Finish();
        Assert.IsType<InvalidOperationException>(pump.Failure);
    }

    private TimelinePump Start(IFindingsSink sink)
    {
        var registry = new ConfigurationRegistry();
        registry.Declare(Samples.Configuration(0));
        var router = new FindingsRouter(registry, [sink]);
        var pump = new TimelinePump(new Timeline.Timeline(1, router), [_runtime, _kernel], () => router.Incomplete);
        pump.Start();
        return pump;
    }

    private sealed class ThrowingSink : IFindingsSink
    {
        public void IterationClosed(Contract.WorkloadConfiguration configuration, in UnitAccount account) => throw new InvalidOperationException();

        public void RunQueueWaited(Duration wait) => throw new InvalidOperationException();

        public void Suspended(Duration suspension) => throw new InvalidOperationException();
    }
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
        Assert.Equal([1, 2, 3], first.Events.Select(e => e.At.Nanoseconds));
        Assert.Equal(new Timestamp(3), first.CompleteTo);
        Assert.Empty(inbox.Take().Events);
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
            taken.AddRange(delivery.Events.Select(e => e.At.Nanoseconds));
            await Task.Yield();
        }

        await source;
        Assert.Equal(Enumerable.Range(1, events).Select(at => (long)at), taken);
        Assert.InRange(largest, 1, 100);
    }

    private static TimelineEvent Event(long at) => TimelineEvent.SuspensionBegan(new Timestamp(at));
}
