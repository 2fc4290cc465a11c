namespace Observatory.Timeline;

/// <summary>
/// A unit of work that has not ended yet: segments, in each of which one thread works on it, with gaps between them in
/// which none does. An iteration is the unit of one segment.
/// </summary>
/// <remarks>
/// <code>
/// wall = slices of the leading thread, clipped to its segments + gaps + suspended + lost
/// work = slices of all threads, clipped to their segments
/// </code>
/// Where several threads work on it at once, the one whose segment has lasted longest leads: wall time has one state at a
/// time, and that is the leader's. The others count as work only. A slice is charged when it ends, because only then is it
/// certain what it was (see <see cref="ThreadTrack"/>); what of it counts are two readings of the <see cref="AccountClock"/>.
/// </remarks>
internal sealed class OpenUnit
{
    /// <summary>Segments that are kept one by one: of a request that lasts for hours, the first ones.</summary>
    private const int MostKept = 128;

    private readonly TimelineEvent _began;
    private readonly Reading _beginning;
    private readonly LossHistory.Mark _mark;
    private readonly IncompleteReasons _lostAtBeginning;

    // Led while threads work on it, else in a gap; both since a reading of the counted time.
    private ThreadTrack? _leader;
    private List<ThreadTrack>? _others;
    private AccountState _gap = AccountState.Queued;
    private Duration _since;
    private ThreadTrack? _last;
    private int _firstThread;

    private StateTimes _times;
    private StateTimes _work;
    private List<UnitSegment>? _kept;
    private IncompleteReasons _reasons;
    private bool _isWorkUnknown;
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

    /// <summary>The thread whose states are those of its wall time; null in a gap.</summary>
    public ThreadTrack? Thread => _leader;

    /// <summary>Something that concerns this unit is missing.</summary>
    public void MarkIncomplete(IncompleteReasons why) => _reasons |= why;

    /// <summary>An event came too late: a segment that is over may have been charged with other states than the true ones.</summary>
    public void Doubt(in TimelineEvent late)
    {
        if (_kept is null || _reasons.HasFlag(IncompleteReasons.Late)) return;
        bool isDoubted = _kept.Count == MostKept;
        foreach (UnitSegment segment in _kept) isDoubted |= segment.IsDoubtedBy(late, _voluntary > 0);
        if (isDoubted) _reasons |= IncompleteReasons.Late;
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
        if (_leader is null)
        {
            ChargeGap(counted, queued);
            _leader = thread;
        }
        else
        {
            (_others ??= []).Add(thread);
        }
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
        Keep(new UnitSegment(thread.Id, thread.Segment.Began, at));
        thread.Segment = default;
        if (thread != _leader) _others!.Remove(thread);
        else Follow(counted);
    }

    /// <summary>No thread works on it from here on.</summary>
    public void LeaveAll(Timestamp at, Duration counted)
    {
        while (_leader is { } thread) Leave(thread, at, counted);
    }

    /// <summary>What it waited for has come: a thread may take it.</summary>
    public void Ready(Duration counted) => ChangeGap(AccountState.Queued, counted);

    /// <summary>It is not known any more whether a thread works on it.</summary>
    public void MarkUnknown(Timestamp at, Duration counted, IncompleteReasons why)
    {
        LeaveAll(at, counted);
        ChangeGap(AccountState.Unknown, counted);
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
    public bool IsLedThrough(in Slice slice) =>
        slice.Thread == _leader && slice.CountedFrom >= slice.Thread.Segment.From && slice.CountedFrom >= _since;

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
        ChargeEnd(ended, ending.Counted);
        if (Segments == 0) ForgetSplit();
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
        bool isComplete = account.IsComplete && !_isWorkUnknown && losses.NothingSince(_mark)
            && pool.Total[AccountState.Unknown] == Duration.Zero;
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
        Work = _work,
        Segments = _kept ?? [],
        IsComplete = isComplete,
    };

    private static StateTimes OnlyLength(Duration length, Duration suspended)
    {
        var times = default(StateTimes);
        times[AccountState.Gc] = suspended;
        times[AccountState.Unknown] = length - suspended;
        return times;
    }

    /// <summary>The leader left: the next one leads from here on, or no thread works on it.</summary>
    private void Follow(Duration counted)
    {
        (_last, _leader, _since) = (_leader, null, counted);
        if (_others is { Count: > 0 } others)
        {
            _leader = others[0];
            others.RemoveAt(0);
        }
        else
        {
            _gap = AccountState.Awaiting;
        }
    }

    private void Keep(in UnitSegment segment)
    {
        // An iteration has one, and that is the account itself.
        if (Id.IsExclusive) return;
        _kept ??= [];
        if (_kept.Count < MostKept) _kept.Add(segment);
    }

    /// <summary>Charges what of a thread's state lies inside its segment: to the wall time as far as it led.</summary>
    private void Charge(ThreadTrack thread, ThreadState was, Duration from, Duration to, IncompleteReasons why)
    {
        AccountState state = AccountStates.From(was);
        Duration worked = to - Later(from, thread.Segment.From);
        _work[state] += worked;
        _isWorkUnknown |= was == ThreadState.Unknown && worked > Duration.Zero;
        if (thread != _leader) return;
        Duration led = to - Later(from, Later(_since, thread.Segment.From));
        _times[state] += led;
        if (was == ThreadState.Unknown && led > Duration.Zero) _reasons |= why;
        // Inside a suspension no state counts, but a thread of a request whose end was lost there is taken for one that still works on it.
        else if (was == ThreadState.Unknown && !Id.IsExclusive) _reasons |= why & ~IncompleteReasons.UnseenWakeUp;
    }

    private static Duration Later(Duration a, Duration b) => a > b ? a : b;

    private void ChangeGap(AccountState next, Duration counted)
    {
        if (_leader is not null) return;
        ChargeGap(counted);
        (_gap, _since) = (next, counted);
    }

    /// <param name="counted">Its end.</param>
    /// <param name="queued">How long before its end it was ready, where that was told with the end only.</param>
    private void ChargeGap(Duration counted, Duration queued = default)
    {
        Duration gap = counted - _since;
        if (_gap != AccountState.Awaiting) queued = Duration.Zero;
        if (queued > gap) queued = gap;
        _times[AccountState.Queued] += queued;
        _times[_gap] += gap - queued;
        _since = counted;
    }

    /// <summary>
    /// The last gap. A thread leaves a request a moment before it tells its end: what it did in that moment was still for it,
    /// and nothing was awaited.
    /// </summary>
    private void ChargeEnd(in TimelineEvent ended, Duration counted)
    {
        bool isOfLast = _gap == AccountState.Awaiting && _last is { Segment.Unit: null } last
            && last.Id == ended.Thread && last.CountedSince <= _since;
        if (isOfLast)
        {
            _gap = AccountStates.From(_last!.State);
            _work[_gap] += counted - _since;
        }

        ChargeGap(counted);
    }

    /// <summary>Nothing told which threads worked on it: all that is known is its length.</summary>
    private void ForgetSplit()
    {
        _times[AccountState.Unknown] = _times.Total;
        foreach (AccountState state in StateTimes.UnitStates)
        {
            if (state != AccountState.Unknown) _times[state] = Duration.Zero;
        }

        _reasons |= IncompleteReasons.NoSegments;
    }
}

/// <summary>A stretch of time in which one thread works on a unit.</summary>
/// <param name="Unit">The unit; null where the thread works on none.</param>
/// <param name="Began">When it began.</param>
/// <param name="From">The counted time (see <see cref="AccountClock"/>) at which it began.</param>
/// <param name="FaultsBefore">Page faults of the thread until then.</param>
internal readonly record struct Segment(OpenUnit? Unit, Timestamp Began, Duration From, FaultCounts FaultsBefore);

/// <summary>A stretch of time in which one thread worked on a unit.</summary>
/// <param name="Thread">Kernel thread id.</param>
/// <param name="From">First instant.</param>
/// <param name="To">Last instant.</param>
public readonly record struct UnitSegment(int Thread, Timestamp From, Timestamp To)
{
    /// <summary>True for an event that comes too late and may have changed the split of this segment.</summary>
    /// <param name="late">
    /// A switch, which changes what its thread did at that instant, or a wake-up, which changes the end of the sleep that it is
    /// meant for: that may begin after it and in a later unit, and one without a sleep it does not concern.
    /// </param>
    /// <param name="hasSlept">True when a thread went to sleep in its unit.</param>
    internal bool IsDoubtedBy(in TimelineEvent late, bool hasSlept) =>
        Thread == late.Thread && late.Happened <= To && (late.Kind == EventKind.Waking ? hasSlept : late.Happened >= From);
}
