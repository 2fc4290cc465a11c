using System.Runtime.InteropServices;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Completes accounts with what their thread tells of itself before they are shown: its own counters, at the tiers that
/// need them, and its group of counters, where it has one. Both come after the iteration's stop: an account waits for
/// them, and those behind it with it.
/// </summary>
/// <remarks>
/// It waits at most until the same thread's next account is closed, or any that ended much later: the stream is in order, so
/// by then the reading has come or is lost. Everything else passes at once.
/// </remarks>
/// <param name="reports">What came.</param>
/// <param name="kernel">Its tier says what is missing from the accounts; is told when something was filled in.</param>
internal sealed class CounterJoin(ThreadReports reports, SourceStatus kernel)
{
    /// <summary>Threads that drive iterations at the same time are far fewer.</summary>
    private const int MaximumWaiting = 1000;

    /// <summary>A thread tells its counters right after its mark, but for the time that it waits for a CPU in between.</summary>
    private static readonly Duration Longest = Duration.FromMilliseconds(5_000);

    private readonly Queue<UnitAccount> _waiting = [];
    private readonly Dictionary<int, int> _waitingOfThread = [];
    private readonly CounterReadings _readings = reports.Readings;
    private readonly CounterGroups _groups = reports.Groups;
    private Timestamp _newest = Timestamp.Zero;
    private bool _isClosed;

    private bool NeedsReadings => Tiers.NeedsCounters(kernel.Tier);

    /// <summary>The account of an iteration that ended.</summary>
    public void Add(in UnitAccount account)
    {
        _waiting.Enqueue(account);
        CollectionsMarshal.GetValueRefOrAddDefault(_waitingOfThread, account.Thread, out _)++;
        _newest = Timestamp.Later(_newest, account.Ended);
    }

    /// <summary>Nothing more will come: what waits can be taken as it is.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Takes the oldest account, if all that it may get has come or will not come any more.</summary>
    public bool TryTake(out UnitAccount account)
    {
        if (_waiting.TryPeek(out account) && TryComplete(ref account, _isClosed || IsFirstOverdue()))
        {
            _waiting.Dequeue();
            if (--CollectionsMarshal.GetValueRefOrNullRef(_waitingOfThread, account.Thread) == 0) _waitingOfThread.Remove(account.Thread);
            return true;
        }

        return false;
    }

    private bool IsFirstOverdue()
    {
        UnitAccount first = _waiting.Peek();
        return _waiting.Count > MaximumWaiting || _waitingOfThread[first.Thread] > 1 || _newest - first.Ended > Longest;
    }

    private bool TryComplete(ref UnitAccount account, bool isOverdue)
    {
        bool mayCome = false;
        CounterDifference? read = NeedsReadings ? _readings.Find(account, out mayCome) : null;
        if (mayCome && !isOverdue) return false;
        bool isCounted = _groups.TryTake(account.Iteration, out CountedEvents? counted);
        if (_groups.HaveCome && !isCounted && !isOverdue) return false;

        _readings.Forget(account.Iteration);
        if (NeedsReadings) account = read is { } found ? Complete(account, found) : Incomplete(account);
        if (counted is not null) account = account with { Details = account.Details with { Counted = counted } };
        return true;
    }

    private UnitAccount Complete(in UnitAccount account, in CounterDifference counted)
    {
        bool isPerThread = kernel.Tier == Tiers.Thread;
        // What is unknown because runtime events are missing, or is told in another place or of another thread, no counter of the thread
        // makes known: only what is unknown for want of switches.
        bool lacksOnlySwitches = (account.Reasons & ~IncompleteReasons.NotJoined) == IncompleteReasons.None && !_readings.MayLackSuspensions(account);
        if (isPerThread ? !account.IsComplete : !lacksOnlySwitches) return account;
        kernel.HasCounters = true;
        return isPerThread ? CounterSplit.SplitBlocked(account, counted) : CounterSplit.Replace(account, counted);
    }

    /// <summary>Where the others know waking from blocked, one that does not lacks something.</summary>
    private UnitAccount Incomplete(in UnitAccount account) =>
        _readings.HaveCome ? account with { Reasons = account.Reasons | IncompleteReasons.NoCounters } : account;
}
