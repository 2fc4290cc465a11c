using Observatory.Collector.Sources;
using Observatory.Timeline;

namespace Observatory.Collector.Pipeline;

/// <summary>
/// Completes accounts with their thread's own counters before anyone sees them, at the tiers that need it. The reading
/// after an iteration comes after its stop: an account waits for it, and those behind it with it.
/// </summary>
/// <remarks>
/// It waits at most until the same thread's next account is closed: the stream is in order, so by then the reading has
/// come or is lost. Everything else passes at once.
/// </remarks>
/// <param name="next">Receives all findings.</param>
/// <param name="readings">What came.</param>
/// <param name="kernel">Its tier says what is missing from the accounts; is told when something was filled in.</param>
internal sealed class CounterJoin(ITimelineObserver next, CounterReadings readings, SourceStatus kernel) : ITimelineObserver
{
    /// <summary>Threads that drive iterations at the same time are far fewer.</summary>
    private const int MaximumWaiting = 1000;

    private readonly Queue<IterationAccount> _waiting = [];

    public void IterationClosed(in IterationAccount account)
    {
        if (!Tiers.NeedsCounters(kernel.Tier))
        {
            next.IterationClosed(account);
            return;
        }

        _waiting.Enqueue(account);
        bool isPassed = true;
        while (isPassed && _waiting.Count > 0) isPassed = TryPass(IsFirstOverdue());
    }

    public void RunQueueWaited(Duration wait) => next.RunQueueWaited(wait);

    public void PreemptedBy(int thread, Duration time) => next.PreemptedBy(thread, time);

    public void Suspended(Duration suspension) => next.Suspended(suspension);

    /// <summary>Nothing more will come: passes on what waits.</summary>
    public void Close()
    {
        while (_waiting.Count > 0) TryPass(isOverdue: true);
    }

    private bool IsFirstOverdue()
    {
        int thread = _waiting.Peek().Thread;
        return _waiting.Count > MaximumWaiting || _waiting.Skip(1).Any(later => later.Thread == thread);
    }

    private bool TryPass(bool isOverdue)
    {
        IterationAccount account = _waiting.Peek();
        CounterDifference? counted = readings.Find(account, out bool mayCome);
        if (mayCome && !isOverdue) return false;
        _waiting.Dequeue();
        readings.Forget(account.Iteration);
        next.IterationClosed(counted is { } found ? Complete(account, found) : Incomplete(account));
        return true;
    }

    private IterationAccount Complete(in IterationAccount account, in CounterDifference counted)
    {
        bool isPerThread = kernel.Tier == Tiers.Thread;
        // What is unknown because runtime events are missing, no counter of the thread makes known.
        if (isPerThread ? !account.IsComplete : readings.MayLackSuspensions(account)) return account;
        kernel.HasCounters = true;
        return isPerThread ? CounterSplit.SplitBlocked(account, counted) : CounterSplit.Replace(account, counted);
    }

    /// <summary>Where the others know waking from blocked, one that does not lacks something.</summary>
    private IterationAccount Incomplete(in IterationAccount account) =>
        readings.HaveCome ? account with { Reasons = account.Reasons | IncompleteReasons.NoCounters } : account;
}
