using System.Runtime.InteropServices;

namespace Observatory.Timeline;

/// <summary>
/// Finds out what driving threads waited for while they were blocked: the thread that ends a sleep is what it waited for, and
/// the time of the sleep is charged to what that thread did meanwhile.
/// </summary>
/// <remarks>
/// Each sleep adds up what the other threads do while it lasts, so nothing has to be remembered of the time before,
/// however long a sleep lasts: memory is the number of sleepers times the number of threads.
/// </remarks>
internal sealed class Wakers(AccountClock clock, ThreadTable threads, IterationLedger ledger) : ISliceConsumer
{
    private readonly Dictionary<int, Sleep> _sleeps = [];

    /// <summary>Sleeps that last, and what is kept of other threads meanwhile.</summary>
    public int Kept => _sleeps.Values.Sum(sleep => 1 + sleep.Count);

    /// <inheritdoc />
    public void Closed(in Slice slice)
    {
        foreach (Sleep sleep in _sleeps.Values) sleep.Follow(slice);
        int thread = slice.Thread.Id;
        if (_sleeps.Remove(thread, out Sleep? ended) && ended.Iteration == ledger.Find(thread)) Explain(ended, slice);
        if (slice.Next == ThreadState.Blocked && ledger.Find(thread) is { } iteration)
            _sleeps.Add(thread, new Sleep(iteration, slice.CountedTo));
    }

    /// <inheritdoc />
    public void Gone(ThreadTrack thread)
    {
        _sleeps.Remove(thread.Id);
        foreach (Sleep sleep in _sleeps.Values) sleep.Forget(thread.Id);
    }

    private void Explain(Sleep sleep, in Slice slice)
    {
        bool isWoken = slice is { State: ThreadState.Blocked, Next: ThreadState.Waking, IsFlawed: false };
        if (!isWoken || slice.Waker == slice.Thread.Id) return;
        OpenBlocked blocked = sleep.Iteration.Details.Blocked;
        Duration time = slice.CountedTo - slice.CountedFrom;
        if (slice.Waker == TimelineEvent.Interrupt) blocked.Charge(slice.Waker, BlockedFor.Interrupt, time);
        else if (threads.Find(slice.Waker) is { } waker) Charge(blocked, waker.Id, sleep.Of(waker, clock.Counted));
        else if (slice.Waker > TimelineEvent.UnknownThread) blocked.Charge(slice.Waker, BlockedFor.OtherProcess, time);
    }

    private static void Charge(OpenBlocked blocked, int waker, in StateTimes meanwhile)
    {
        blocked.Charge(waker, BlockedFor.Running, meanwhile[AccountState.Running]);
        blocked.Charge(waker, BlockedFor.Preempted, meanwhile[AccountState.Preempted]);
        blocked.Charge(waker, BlockedFor.Waking, meanwhile[AccountState.Waking]);
        blocked.Charge(waker, BlockedFor.Sleeping, meanwhile[AccountState.Blocked]);
    }
}

/// <summary>A sleep of a driving thread that has not ended yet, and what the other threads have done since.</summary>
/// <param name="iteration">The iteration it lies in.</param>
/// <param name="from">The counted time (see <see cref="AccountClock"/>) at which it began.</param>
internal sealed class Sleep(OpenIteration iteration, Duration from)
{
    private readonly Dictionary<int, StateTimes> _meanwhile = [];

    /// <summary>Threads of which something is kept.</summary>
    public int Count => _meanwhile.Count;

    /// <summary>The iteration it lies in.</summary>
    public OpenIteration Iteration => iteration;

    /// <summary>A slice of another thread ended.</summary>
    public void Follow(in Slice slice)
    {
        if (slice.CountedTo <= from) return;
        ref StateTimes times = ref CollectionsMarshal.GetValueRefOrAddDefault(_meanwhile, slice.Thread.Id, out _);
        times[OpenIteration.Map(slice.State)] += Inside(slice.CountedFrom, slice.CountedTo);
    }

    /// <summary>A thread is gone; its id may be given to another.</summary>
    public void Forget(int thread) => _meanwhile.Remove(thread);

    /// <summary>What a thread has done since the sleep began.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="counted">The counted time now.</param>
    public StateTimes Of(ThreadTrack thread, Duration counted)
    {
        StateTimes times = _meanwhile.GetValueOrDefault(thread.Id);
        times[OpenIteration.Map(thread.State)] += Inside(thread.CountedSince, counted);
        return times;
    }

    private Duration Inside(Duration began, Duration ended) => ended - (began > from ? began : from);
}
