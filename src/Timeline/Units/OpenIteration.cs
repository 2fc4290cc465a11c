namespace Observatory.Timeline;

/// <summary>The account of an iteration that has not ended yet.</summary>
/// <remarks>
/// A slice is charged when it ends, because only then is it certain what it was (see <see cref="ThreadTrack"/>); what of
/// it counts are two readings of the <see cref="AccountClock"/>.
/// </remarks>
internal sealed class OpenIteration
{
    private readonly TimelineEvent _began;
    private readonly Duration _counted;
    private readonly Duration _suspended;
    private readonly Duration _lost;
    private readonly IncompleteReasons _lostAtBeginning;
    private StateTimes _times;
    private IncompleteReasons _reasons;

    /// <param name="began">Its first event.</param>
    /// <param name="clock">The clocks.</param>
    /// <param name="details">Counts that are not part of the split.</param>
    /// <param name="lost">Why suspensions may be missing when it begins.</param>
    public OpenIteration(in TimelineEvent began, AccountClock clock, OpenDetails details, IncompleteReasons lost)
    {
        Details = details;
        _began = began;
        _lostAtBeginning = lost;
        (_counted, _suspended, _lost) = (clock.Counted, clock.Suspended, clock.Lost);
    }

    /// <summary>Counts and times that are not part of the split.</summary>
    public OpenDetails Details { get; }

    /// <summary>Number of the iteration.</summary>
    public long Iteration => _began.Iteration;

    /// <summary>First instant.</summary>
    public Timestamp Began => _began.Happened;

    /// <summary>Of a stretch of counted time that ended now, what lies inside the iteration.</summary>
    public Duration Inside(Duration from, Duration to) => to - (from > _counted ? from : _counted);

    /// <summary>Charges what lies inside the iteration to a state the thread was in.</summary>
    /// <param name="was">The state.</param>
    /// <param name="from">The counted time at which it began.</param>
    /// <param name="to">The counted time now.</param>
    /// <param name="why">Why the state is not known.</param>
    public void Charge(ThreadState was, Duration from, Duration to, IncompleteReasons why)
    {
        Duration inside = Inside(from, to);
        _times[Map(was)] += inside;
        if (was == ThreadState.Unknown && inside > Duration.Zero) _reasons |= why;
    }

    /// <summary>Something that concerns this iteration is missing.</summary>
    public void MarkIncomplete(IncompleteReasons why) => _reasons |= why;

    /// <summary>Ends the iteration, charged up to its end.</summary>
    public IterationAccount Close(in TimelineEvent ended, AccountClock clock, PoolAccount pool)
    {
        bool inPlace = !_began.IsLate && !ended.IsLate;
        _times[AccountState.Gc] += clock.Suspended - _suspended;
        _times[AccountState.Unknown] += clock.Lost - _lost;
        if (clock.Lost > _lost) _reasons |= _lostAtBeginning;
        if (!inPlace)
        {
            _reasons |= IncompleteReasons.Late;
            // Changes were charged against other boundaries than the true ones: only the length is still certain.
            _times = default;
            _times[AccountState.Unknown] = ended.Happened - Began;
        }

        var account = new IterationAccount(
            _began.Thread, Iteration, _began.Configuration, Began, ended.Happened, _times, _reasons);
        return account with { Details = Details.Close(account, pool, inPlace) };
    }

    /// <summary>The account's name for a thread's state.</summary>
    public static AccountState Map(ThreadState state) => state switch
    {
        ThreadState.Running => AccountState.Running,
        ThreadState.Preempted => AccountState.Preempted,
        ThreadState.Waking => AccountState.Waking,
        ThreadState.Blocked => AccountState.Blocked,
        _ => AccountState.Unknown,
    };
}

/// <summary>The details of an iteration that has not ended yet.</summary>
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
        Pool = inPlace ? pool : pool.AsUnknown(),
        IsComplete = _complete && account.IsComplete && pool.Total[AccountState.Unknown] == Duration.Zero,
    };
}
