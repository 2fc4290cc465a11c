using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>A driving thread of another pid namespace that was gone before its id could be translated.</summary>
public sealed class UnidentifiedDriverTests
{
    private const int Process = 70;
    private static readonly int Thread = new TargetThreadIds(isShared: false, () => new Dictionary<int, int>()).OursOf(7, At(0));

    [Fact]
    public void Its_account_is_incomplete_and_it_does_not_count_among_the_threads_for_ever()
    {
        var closed = new Accounts();
        var timeline = new Timeline.Timeline(Process, closed);
        timeline.Join(StreamKind.Runtime, At(0));
        timeline.Join(StreamKind.Scheduler, At(0));

        timeline.Add(UnidentifiedDriver.Began(Thread, At(10)));
        timeline.Add(TimelineEvent.IterationBegan(At(10), Thread, iteration: 1, configuration: 0));
        timeline.Add(TimelineEvent.IterationEnded(At(15), Thread, iteration: 1, configuration: 0));
        foreach (TimelineEvent told in UnidentifiedDriver.Ended(Thread, At(15)))
        {
            // As the pump does: a source says only until when something was missing.
            if (told.Kind == EventKind.LossEnded) timeline.AddLoss(told.Scope, told.At, told.Reasons);
            else timeline.Add(told);
        }

        Advance(timeline, At(1000), cpu: 8);

        UnitAccount account = Assert.Single(closed.All);
        Assert.False(account.IsComplete);
        Assert.Equal(IncompleteReasons.NotJoined, account.Reasons & IncompleteReasons.NotJoined);
        Assert.Equal(Duration.FromMilliseconds(5), account.Wall);
        Assert.Equal(Duration.Zero, account.Times[AccountState.Running]);

        // Much later it still has only what it did during its iteration.
        Assert.InRange(Total(timeline).Nanoseconds, 5_000_000, 6_000_000);
        Advance(timeline, At(5000), cpu: 9);
        Assert.InRange(Total(timeline).Nanoseconds, 5_000_000, 6_000_000);
    }

    private static Duration Total(Timeline.Timeline timeline) => timeline.ProcessTimes.Total.Total;

    private static void Advance(Timeline.Timeline timeline, Timestamp to, int cpu)
    {
        // A thread of another process: it moves the time on.
        timeline.Add(TimelineEvent.SwitchIn(to, cpu, thread: 99, process: 99));
        timeline.Advance(StreamKind.Runtime, to);
        timeline.Advance(StreamKind.Scheduler, to);
    }

    private static Timestamp At(long milliseconds) => new(milliseconds * 1_000_000);

    private sealed class Accounts : ITimelineObserver
    {
        public List<UnitAccount> All { get; } = [];

        public void IterationClosed(in UnitAccount account) => All.Add(account);
    }
}
