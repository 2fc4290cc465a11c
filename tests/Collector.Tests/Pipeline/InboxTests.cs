using Observatory.Timeline;

namespace Observatory.Collector.Tests;

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
