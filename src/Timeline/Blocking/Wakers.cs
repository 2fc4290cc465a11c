namespace Observatory.Timeline;

/// <summary>
/// Finds out what threads waited for while they were blocked inside a unit of work: the thread that ends a sleep is what it
/// waited for, and the time of the sleep is charged to what that thread did meanwhile.
/// </summary>
/// <remarks>Who the waker is shows at the end of a sleep only, so every thread keeps a <see cref="StateHistory"/>.</remarks>
internal sealed class Wakers(AccountClock clock, ThreadTable threads) : ISliceConsumer
{
    /// <summary>Instants that threads keep of their past.</summary>
    public int Kept => threads.All.Sum(thread => thread.History.Count);

    /// <inheritdoc />
    public void Closed(in Slice slice)
    {
        slice.Thread.History.Add(slice.CountedFrom, slice.CountedTo, slice.State);
        bool isWoken = slice is { State: ThreadState.Blocked, Next: ThreadState.Waking, IsFlawed: false };
        if (!isWoken || slice.Waker == slice.Thread.Id) return;
        Segment segment = slice.Thread.Segment;
        if (segment.Unit is { } unit && slice.CountedFrom >= segment.From) Explain(unit.Blocked, slice);
    }

    private void Explain(OpenBlocked blocked, in Slice sleep)
    {
        Duration time = sleep.CountedTo - sleep.CountedFrom;
        if (sleep.Waker == TimelineEvent.Interrupt) blocked.Charge(sleep.Waker, BlockedFor.Interrupt, time);
        else if (threads.Find(sleep.Waker) is { } waker) Charge(blocked, waker, sleep.CountedFrom);
        else if (sleep.Waker > TimelineEvent.UnknownThread) blocked.Charge(sleep.Waker, BlockedFor.OtherProcess, time);
    }

    private void Charge(OpenBlocked blocked, ThreadTrack waker, Duration since)
    {
        StateTimes meanwhile = waker.History.Since(since, waker.CountedSince, clock.Counted, waker.State);
        blocked.Charge(waker.Id, BlockedFor.Running, meanwhile[AccountState.Running]);
        blocked.Charge(waker.Id, BlockedFor.Preempted, meanwhile[AccountState.Preempted]);
        blocked.Charge(waker.Id, BlockedFor.Waking, meanwhile[AccountState.Waking]);
        blocked.Charge(waker.Id, BlockedFor.Sleeping, meanwhile[AccountState.Blocked]);
    }
}
