using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Completes accounts with what their thread tells of itself before anyone sees them: its own counters, at the tiers that
/// need them, and its group of counters, where it has one. Both come after the iteration's stop: an account waits for
/// them, and those behind it with it.
/// </summary>
/// <remarks>
/// It waits at most until the same thread's next account is closed: the stream is in order, so by then the reading has
/// come or is lost. Everything else passes at once.
/// </remarks>
/// <param name="next">Receives all findings.</param>
/// <param name="reports">What came.</param>
/// <param name="kernel">Its tier says what is missing from the accounts; is told when something was filled in.</param>
internal sealed class CounterJoin(ITimelineObserver next, ThreadReports reports, SourceStatus kernel) : ITimelineObserver
{
    /// <summary>Threads that drive iterations at the same time are far fewer.</summary>
    private const int MaximumWaiting = 1000;

    private readonly Queue<UnitAccount> _waiting = [];
    private readonly CounterReadings _readings = reports.Readings;
    private readonly CounterGroups _groups = reports.Groups;

    private bool NeedsReadings => Tiers.NeedsCounters(kernel.Tier);

    public void IterationClosed(in UnitAccount account)
    {
        _waiting.Enqueue(account);
        bool isPassed = true;
        while (isPassed && _waiting.Count > 0) isPassed = TryPass(IsFirstOverdue());
    }

    /// <summary>Nobody counts for a request: threads that work on it know nothing of the contract.</summary>
    public void UnitClosed(in UnitAccount account) => next.UnitClosed(account);

    public void RunQueueWaited(ReadOnlySpan<Duration> waits) => next.RunQueueWaited(waits);

    public void PreemptedBy(ReadOnlySpan<CpuHold> holds) => next.PreemptedBy(holds);

    public void Suspended(Duration suspension) => next.Suspended(suspension);

    /// <summary>Nothing more will come: passes on what waits.</summary>
    public void Close()
    {
        while (_waiting.Count > 0) TryPass(isOverdue: true);
    }

    private bool IsFirstOverdue()
    {
        if (_waiting.Count == 1) return false;
        int thread = _waiting.Peek().Thread;
        return _waiting.Count > MaximumWaiting || _waiting.Skip(1).Any(later => later.Thread == thread);
    }

    private bool TryPass(bool isOverdue)
    {
        UnitAccount account = _waiting.Peek();
        bool mayCome = false;
        CounterDifference? read = NeedsReadings ? _readings.Find(account, out mayCome) : null;
        if (mayCome && !isOverdue) return false;
        bool isCounted = _groups.TryTake(account.Iteration, out CountedEvents? counted);
        if (_groups.HaveCome && !isCounted && !isOverdue) return false;

        _waiting.Dequeue();
        _readings.Forget(account.Iteration);
        if (NeedsReadings) account = read is { } found ? Complete(account, found) : Incomplete(account);
        next.IterationClosed(counted is null ? account : account with { Details = account.Details with { Counted = counted } });
        return true;
    }

    private UnitAccount Complete(in UnitAccount account, in CounterDifference counted)
    {
        bool isPerThread = kernel.Tier == Tiers.Thread;
        // What is unknown because runtime events are missing, no counter of the thread makes known.
        if (isPerThread ? !account.IsComplete : _readings.MayLackSuspensions(account)) return account;
        kernel.HasCounters = true;
        return isPerThread ? CounterSplit.SplitBlocked(account, counted) : CounterSplit.Replace(account, counted);
    }

    /// <summary>Where the others know waking from blocked, one that does not lacks something.</summary>
    private UnitAccount Incomplete(in UnitAccount account) =>
        _readings.HaveCome ? account with { Reasons = account.Reasons | IncompleteReasons.NoCounters } : account;
}
