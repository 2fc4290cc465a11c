namespace Observatory.Timeline;

/// <summary>
/// A unit of work that has not ended yet: segments, in each of which one thread works on it, with gaps between them in
/// which none does. An iteration is the unit of one segment.
/// </summary>
/// <remarks>
/// wall = slices of threads, clipped to segments + gaps + suspended + lost. A slice is charged when it ends, because only
/// then is it certain what it was (see <see cref="ThreadTrack"/>); what of it counts are two readings of the
/// <see cref="AccountClock"/>.
/// </remarks>
internal sealed class OpenUnit
{
    private readonly TimelineEvent _began;
    private readonly Reading _beginning;
    private readonly LossHistory.Mark _mark;
    private readonly IncompleteReasons _lostAtBeginning;

    // In a segment while a thread works on it, else in a gap; both since a reading of the counted time.
    private ThreadTrack? _thread;
    private AccountState _gap = AccountState.Queued;
    private Duration _since;
    private FaultCounts _faultsBefore;
    private int _firstThread;

    private StateTimes _times;
    private IncompleteReasons _reasons;
    private FaultCounts _faults;
    private long _voluntary;
    private long _involuntary;
    private long _migrations;
    private OpenBlocked? _blocked;

    /// <param name="began">Its first event.</param>
    /// <param name="beginning">All clocks at that event.</param>
    /// <param name="losses">What is and becomes missing.</param>
    /// <param name="lost">Why suspensions may be missing when it begins.</param>
    /// <param name="window">What the pool had done until then; null for a unit that shares its time with others.</param>
    public OpenUnit(in TimelineEvent began, in Reading beginning, LossHistory losses, IncompleteReasons lost, PoolWindow? window)
    {
        _began = began;
        _beginning = beginning;
        _since = beginning.Counted;
        _mark = losses.Now;
        _lostAtBeginning = lost;
        Window = window;
    }

    /// <summary>Its number, and what kind of unit it is.</summary>
    public UnitId Id => _began.Unit;

    /// <summary>What the pool had done when it began; null for a unit that shares its time with others.</summary>
    public PoolWindow? Window { get; }

    /// <summary>What its blocked time waited for.</summary>
    public OpenBlocked Blocked => _blocked ??= new();

    /// <summary>Segments so far.</summary>
    public int Segments { get; private set; }

    /// <summary>The thread that works on it; null in a gap.</summary>
    public ThreadTrack? Thread => _thread;

    /// <summary>Something that concerns this unit is missing.</summary>
    public void MarkIncomplete(IncompleteReasons why) => _reasons |= why;

    /// <summary>A thread begins to work on it. It works on no other unit, and no other thread on this one.</summary>
    public void Enter(ThreadTrack thread, Duration counted)
    {
        ChargeGap(counted);
        if (Segments++ == 0) _firstThread = thread.Id;
        _thread = thread;
        _since = counted;
        _faultsBefore = thread.Faults;
        thread.Segment = new Segment(this, counted);
    }

    /// <summary>The thread stops working on it. From now on it waits until it is ready and until a thread takes it.</summary>
    public void Leave(Duration counted)
    {
        if (_thread is not { } thread) return;
        Charge(thread.State, thread.CountedSince, counted, thread.UnknownBecause);
        _faults += thread.Faults - _faultsBefore;
        thread.Segment = default;
        _thread = null;
        (_gap, _since) = (AccountState.Awaiting, counted);
    }

    /// <summary>What it waited for has come: a thread may take it.</summary>
    public void Ready(Duration counted) => ChangeGap(AccountState.Queued, counted);

    /// <summary>It is not known any more whether a thread works on it.</summary>
    public void MarkUnknown(Duration counted, IncompleteReasons why)
    {
        Leave(counted);
        ChangeGap(AccountState.Unknown, counted);
        _reasons |= why;
    }

    /// <summary>A slice of the thread that works on it ended.</summary>
    public void Charge(in Slice slice)
    {
        Charge(slice.State, slice.CountedFrom, slice.CountedTo, slice.Reasons);
        if (slice.IsFlawed) _reasons |= slice.Reasons;
        // Only the events of a CPU are switches: a thread that was seen asleep somewhere did not switch then.
        if (slice.Cpu < 0) return;
        if (slice.Next == ThreadState.Blocked) _voluntary++;
        if (slice.Next == ThreadState.Preempted) _involuntary++;
        if (slice.HasMigrated) _migrations++;
    }

    /// <summary>Ends the unit.</summary>
    /// <param name="ended">Its last event.</param>
    /// <param name="ending">All clocks at that event.</param>
    /// <param name="losses">What was missing meanwhile.</param>
    /// <param name="pool">What the pool did meanwhile.</param>
    /// <param name="isSplitKnown">False when the boundaries of its segments are not where they seem to be.</param>
    public UnitAccount Close(
        in TimelineEvent ended, in Reading ending, LossHistory losses, PoolAccount pool, bool isSplitKnown)
    {
        Leave(ending.Counted);
        ChargeGap(ending.Counted);
        Reading passed = ending - _beginning;
        _times[AccountState.Gc] += passed.Suspended;
        _times[AccountState.Unknown] += passed.Lost;
        if (passed.Lost > Duration.Zero) _reasons |= _lostAtBeginning;
        _reasons |= losses.ReasonsSince(_mark);
        // Changes were charged against other boundaries than the true ones.
        bool inPlace = !_began.IsLate && !ended.IsLate;
        if (!isSplitKnown) _times = OnlyLength(ended.At - _began.At, passed.Suspended);
        if (!inPlace)
        {
            _reasons |= IncompleteReasons.Late;
            _times = OnlyLength(ended.Happened - _began.Happened, Duration.Zero);
        }

        var account = new UnitAccount(
            _firstThread, Id.Number, _began.Configuration, _began.Happened, ended.Happened, _times, _reasons)
        {
            Kind = Id.Kind,
            Segments = Segments,
        };
        bool isComplete = account.IsComplete && losses.NothingSince(_mark) && pool.Total[AccountState.Unknown] == Duration.Zero;
        return account with { Details = Details(passed.Faults, inPlace ? pool : pool.AsUnknown(), isComplete) };
    }

    private UnitDetails Details(FaultCounts ofProcess, PoolAccount pool, bool isComplete) => new()
    {
        VoluntarySwitches = _voluntary,
        InvoluntarySwitches = _involuntary,
        Migrations = _migrations,
        MinorFaults = _faults.Minor,
        MajorFaults = _faults.Major,
        PoolMinorFaults = ofProcess.Minor,
        PoolMajorFaults = ofProcess.Major,
        Blocked = _blocked?.Close(_times[AccountState.Blocked]) ?? BlockedAccount.Unexplained(_times[AccountState.Blocked]),
        Pool = pool,
        IsComplete = isComplete,
    };

    private static StateTimes OnlyLength(Duration length, Duration suspended)
    {
        var times = default(StateTimes);
        times[AccountState.Gc] = suspended;
        times[AccountState.Unknown] = length - suspended;
        return times;
    }

    /// <summary>Charges what of a thread's state lies inside the segment.</summary>
    private void Charge(ThreadState was, Duration from, Duration to, IncompleteReasons why)
    {
        Duration inside = to - (from > _since ? from : _since);
        _times[AccountStates.From(was)] += inside;
        if (was == ThreadState.Unknown && inside > Duration.Zero) _reasons |= why;
    }

    private void ChangeGap(AccountState next, Duration counted)
    {
        if (_thread is not null) return;
        ChargeGap(counted);
        (_gap, _since) = (next, counted);
    }

    private void ChargeGap(Duration counted)
    {
        if (_thread is null) _times[_gap] += counted - _since;
        _since = counted;
    }
}

/// <summary>A stretch of time in which one thread works on a unit.</summary>
/// <param name="Unit">The unit; null where the thread works on none.</param>
/// <param name="From">The counted time (see <see cref="AccountClock"/>) at which it began.</param>
internal readonly record struct Segment(OpenUnit? Unit, Duration From);
