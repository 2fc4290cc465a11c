namespace Observatory.Timeline;

/// <summary>What stands beside the account of an iteration that has not ended yet.</summary>
internal sealed class OpenDetails
{
    private long _voluntary;
    private long _involuntary;
    private long _migrations;
    private long _minor;
    private long _major;
    private long _poolMinor;
    private long _poolMajor;
    private bool _complete;

    /// <param name="pool">What the pool had done when the iteration began.</param>
    /// <param name="isComplete">False when events are missing already.</param>
    public OpenDetails(PoolWindow pool, bool isComplete)
    {
        Pool = pool;
        _complete = isComplete;
    }

    /// <summary>What the pool had done when the iteration began.</summary>
    public PoolWindow Pool { get; }

    /// <summary>What blocked time waited for.</summary>
    public OpenBlocked Blocked { get; } = new();

    /// <summary>An event is missing that could have changed something here.</summary>
    public void MarkIncomplete() => _complete = false;

    /// <summary>The driving thread did something that ended a slice of it.</summary>
    /// <param name="slice">The slice.</param>
    public void Count(in Slice slice)
    {
        // Only the events of a CPU are switches: a thread that was seen asleep somewhere did not switch then.
        if (slice.Cpu < 0) return;
        if (slice.Next == ThreadState.Blocked) _voluntary++;
        if (slice.Next == ThreadState.Preempted) _involuntary++;
        if (slice.HasMigrated) _migrations++;
    }

    /// <summary>A thread of the process touched pages that were not mapped.</summary>
    public void CountFaults(in TimelineEvent faults, bool drives)
    {
        (long minor, long major) = faults.IsMajor ? (0L, faults.Count) : (faults.Count, 0L);
        _poolMinor += minor;
        _poolMajor += major;
        if (!drives) return;
        _minor += minor;
        _major += major;
    }

    /// <summary>Closes the details with those of the account.</summary>
    /// <param name="account">The account, closed.</param>
    /// <param name="pool">What the pool did meanwhile.</param>
    /// <param name="inPlace">False when the window's boundaries came late: only its length is certain then.</param>
    public IterationDetails Close(in IterationAccount account, PoolAccount pool, bool inPlace) => new()
    {
        VoluntarySwitches = _voluntary,
        InvoluntarySwitches = _involuntary,
        Migrations = _migrations,
        MinorFaults = _minor,
        MajorFaults = _major,
        PoolMinorFaults = _poolMinor,
        PoolMajorFaults = _poolMajor,
        Blocked = Blocked.Close(account.Times[AccountState.Blocked]),
        Pool = inPlace ? pool : pool.Forget(),
        IsComplete = _complete && account.IsComplete && pool.Total[AccountState.Unknown] == Duration.Zero,
    };
}
