namespace Observatory.Timeline;

/// <summary>
/// A unit of work that has not ended yet: segments, in each of which one thread works on it, with gaps between them in
/// which none does. An iteration is the unit of one segment.
/// </summary>
/// <remarks>
/// Its wall time is what its <see cref="UnitSplit"/> has of it, and what was suspended and lost meanwhile. A slice is charged when
/// it ends, because only then is it certain what it was (see <see cref="ThreadTrack"/>); what of it counts are two readings of the
/// <see cref="AccountClock"/>.
/// </remarks>
internal sealed class OpenUnit
{
    private readonly TimelineEvent _began;
    private readonly Reading _beginning;
    private readonly LossHistory.Mark _mark;
    private readonly IncompleteReasons _lostAtBeginning;

    private UnitSplit _split;
    private KeptSegments _kept;
    private int _firstThread;
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
        _split.Begin(beginning.Counted);
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

    /// <summary>The thread whose states are those of its wall time; null in a gap.</summary>
    public ThreadTrack? Thread => _split.Leader;

    /// <summary>Something that concerns this unit is missing.</summary>
    public void MarkIncomplete(IncompleteReasons why) => _reasons |= why;

    /// <summary>An event came too late: a segment that is over may have been charged with other states than the true ones.</summary>
    public void Doubt(in TimelineEvent late)
    {
        if (_reasons.HasFlag(IncompleteReasons.Late)) return;
        if (_kept.AreDoubtedBy(late, _voluntary > 0)) _reasons |= IncompleteReasons.Late;
    }

    /// <summary>A thread begins to work on it, and works on no other unit.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="at">When.</param>
    /// <param name="counted">The counted time then.</param>
    /// <param name="queued">How long before that it was ready.</param>
    public void Enter(ThreadTrack thread, Timestamp at, Duration counted, Duration queued = default)
    {
        if (Segments++ == 0) _firstThread = thread.Id;
        thread.Segment = new Segment(this, at, counted, thread.Faults);
        _split.Enter(thread, counted, queued);
    }

    /// <summary>A thread stops working on it. When the last one does, it waits until it is ready and until a thread takes it.</summary>
    public void Leave(ThreadTrack thread, Timestamp at, Duration counted)
    {
        if (thread.Segment.Unit != this) return;
        // One that sleeps when its unit ends may turn out to have been woken before it slept, which is not waited for here.
        bool isCertain = thread is not { State: ThreadState.Blocked, MayHaveBeenWoken: true };
        Charge(
            thread,
            isCertain ? thread.State : ThreadState.Unknown,
            thread.CountedSince,
            counted,
            isCertain ? thread.UnknownBecause : IncompleteReasons.UnseenWakeUp);
        _faults += thread.Faults - thread.Segment.FaultsBefore;
        // An iteration has one segment, and that is the account itself.
        if (!Id.IsExclusive) _kept.Add(new UnitSegment(thread.Id, thread.Segment.Began, at));
        thread.Segment = default;
        _split.Leave(thread, counted);
    }

    /// <summary>No thread works on it from here on.</summary>
    public void LeaveAll(Timestamp at, Duration counted)
    {
        while (Thread is { } thread) Leave(thread, at, counted);
    }

    /// <summary>What it waited for has come: a thread may take it.</summary>
    public void Ready(Duration counted) => _split.ChangeGap(AccountState.Queued, counted);

    /// <summary>What it waits for, while no thread works on it, is another kind of operation from here on.</summary>
    public void Await(AwaitedFor next, Duration counted) => _split.Await(next, counted);

    /// <summary>Events are missing: the operation that it waits for may have begun or ended among them.</summary>
    public void ForgetAwaited(Duration counted) => _split.Await(AwaitedFor.Unknown, counted);

    /// <summary>It is not known any more whether a thread works on it.</summary>
    public void MarkUnknown(Timestamp at, Duration counted, IncompleteReasons why)
    {
        LeaveAll(at, counted);
        _split.ChangeGap(AccountState.Unknown, counted);
        _reasons |= why;
    }

    /// <summary>A slice of a thread that works on it ended.</summary>
    public void Charge(in Slice slice)
    {
        Charge(slice.Thread, slice.State, slice.CountedFrom, slice.CountedTo, slice.Reasons);
        if (slice.IsFlawed) _reasons |= slice.Reasons;
        // Only the events of a CPU are switches: a thread that was seen asleep somewhere did not switch then.
        if (slice.Cpu < 0) return;
        if (slice.Next == ThreadState.Blocked) _voluntary++;
        if (slice.Next == ThreadState.Preempted) _involuntary++;
        if (slice.HasMigrated) _migrations++;
    }

    /// <summary>True for a slice whose whole time was charged to the wall time.</summary>
    public bool IsLedThrough(in Slice slice) => _split.IsLedSince(slice.Thread, slice.CountedFrom);

    /// <summary>Ends the unit.</summary>
    /// <param name="ended">Its last event.</param>
    /// <param name="ending">All clocks at that event.</param>
    /// <param name="losses">What was missing meanwhile.</param>
    /// <param name="pool">What the pool did meanwhile.</param>
    /// <param name="isSplitKnown">False when the boundaries of its segments are not where they seem to be.</param>
    public UnitAccount Close(
        in TimelineEvent ended, in Reading ending, LossHistory losses, PoolAccount pool, bool isSplitKnown)
    {
        LeaveAll(ended.At, ending.Counted);
        _split.End(ended.Thread, ending.Counted);
        Reading passed = ending - _beginning;
        StateTimes times = _split.Wall;
        if (Segments == 0)
        {
            // Nothing told which threads worked on it.
            times = OnlyLength(times.Total, Duration.Zero);
            _reasons |= IncompleteReasons.NoSegments;
        }

        times[AccountState.Gc] += passed.Suspended;
        times[AccountState.Unknown] += passed.Lost;
        if (passed.Lost > Duration.Zero) _reasons |= _lostAtBeginning;
        _reasons |= losses.ReasonsSince(_mark);
        // Changes were charged against other boundaries than the true ones.
        bool inPlace = !_began.IsLate && !ended.IsLate;
        if (!isSplitKnown) times = OnlyLength(ended.At - _began.At, passed.Suspended);
        if (!inPlace)
        {
            _reasons |= IncompleteReasons.Late;
            times = OnlyLength(ended.Happened - _began.Happened, Duration.Zero);
        }

        var account = new UnitAccount(
            _firstThread, Id.Number, _began.Configuration, _began.Happened, ended.Happened, times, _reasons)
        {
            Kind = Id.Kind,
            Segments = Segments,
        };
        bool isComplete = account.IsComplete && !_split.IsWorkUnknown && losses.NothingSince(_mark)
            && pool.Total[AccountState.Unknown] == Duration.Zero;
        return account with
        {
            Details = Details(times, passed.Faults, inPlace ? pool : pool.AsUnknown(), isComplete),
        };
    }

    private UnitDetails Details(in StateTimes times, FaultCounts ofProcess, PoolAccount pool, bool isComplete) => new()
    {
        VoluntarySwitches = _voluntary,
        InvoluntarySwitches = _involuntary,
        Migrations = _migrations,
        MinorFaults = _faults.Minor,
        MajorFaults = _faults.Major,
        PoolMinorFaults = ofProcess.Minor,
        PoolMajorFaults = ofProcess.Major,
        Blocked = _blocked?.Close(times[AccountState.Blocked]) ?? BlockedAccount.Unexplained(times[AccountState.Blocked]),
        // Of a time that was not split nothing was awaited.
        Awaited = times[AccountState.Awaiting] > Duration.Zero ? _split.Awaited : default,
        Pool = pool,
        Work = _split.Work,
        Segments = _kept.All,
        IsComplete = isComplete,
    };

    /// <summary>Of a time that was not split.</summary>
    private static StateTimes OnlyLength(Duration length, Duration suspended)
    {
        var times = default(StateTimes);
        times[AccountState.Gc] = suspended;
        times[AccountState.Unknown] = length - suspended;
        return times;
    }

    private void Charge(ThreadTrack thread, ThreadState was, Duration from, Duration to, IncompleteReasons why)
    {
        Duration led = _split.Charge(thread, was, from, to);
        if (was != ThreadState.Unknown) return;
        if (led > Duration.Zero) _reasons |= why;
        // What it did is charged nowhere: inside a suspension, or while another thread leads. But if its end was lost meanwhile and another
        // thread has its id now, that one is taken for it, and may lead later.
        else if (!Id.IsExclusive) _reasons |= why & ~IncompleteReasons.UnseenWakeUp;
    }
}
