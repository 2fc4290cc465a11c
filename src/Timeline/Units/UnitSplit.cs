namespace Observatory.Timeline;

/// <summary>
/// Where the time of an open unit goes: its wall time to the states of the thread that leads, and to a gap while no thread works
/// on it; its work to the states of all threads that work on it.
/// </summary>
/// <remarks>
/// <code>
/// wall    = slices of the leading thread, clipped to its segments + gaps
/// work    = slices of all threads, clipped to their segments
/// awaited = gaps in which nothing is ready, by the operation that is under way
/// </code>
/// Where several threads work on it at once, the one whose segment has lasted longest leads: wall time has one state at a
/// time, and that is the leader's. Times are counted times (see <see cref="AccountClock"/>).
/// </remarks>
internal struct UnitSplit
{
    private StateTimes _wall;
    private StateTimes _work;
    private AwaitedTimes _awaited;

    // Led while threads work on it, else in a gap; both since an instant.
    private ThreadTrack? _leader;
    private List<ThreadTrack>? _others;
    private AccountState _gap;
    private AwaitedFor _awaits;
    private Duration _since;
    private ThreadTrack? _last;

    /// <summary>The thread whose states are those of its wall time; null in a gap.</summary>
    public readonly ThreadTrack? Leader => _leader;

    /// <summary>Wall time by state, as far as it is charged.</summary>
    public readonly StateTimes Wall => _wall;

    /// <summary>Time of all threads that worked on it, by state.</summary>
    public readonly StateTimes Work => _work;

    /// <summary>What was awaited, as far as it is charged: the parts of <see cref="AccountState.Awaiting"/>.</summary>
    public readonly AwaitedTimes Awaited => _awaited;

    /// <summary>True when some of the work is in no known state.</summary>
    public bool IsWorkUnknown { get; private set; }

    /// <summary>The unit begins: it is ready, and no thread has taken it.</summary>
    public void Begin(Duration counted) => (_gap, _since) = (AccountState.Queued, counted);

    /// <summary>A thread begins to work on it.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="counted">When.</param>
    /// <param name="queued">How long before that the unit was ready.</param>
    public void Enter(ThreadTrack thread, Duration counted, Duration queued)
    {
        if (_leader is not null)
        {
            (_others ??= []).Add(thread);
            return;
        }

        ChargeGap(counted, queued);
        _leader = thread;
    }

    /// <summary>A thread stops working on it. Where it led, the next one leads from here on, or no thread works on it.</summary>
    public void Leave(ThreadTrack thread, Duration counted)
    {
        if (thread != _leader)
        {
            _others!.Remove(thread);
            return;
        }

        (_last, _leader, _since) = (thread, null, counted);
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

    /// <summary>Charges what of a thread's state lies inside its segment: to the wall time as far as it led.</summary>
    /// <returns>How much wall time that was.</returns>
    public Duration Charge(ThreadTrack thread, ThreadState was, Duration from, Duration to)
    {
        AccountState state = AccountStates.From(was);
        Duration worked = to - Later(from, thread.Segment.From);
        _work[state] += worked;
        IsWorkUnknown |= was == ThreadState.Unknown && worked > Duration.Zero;
        if (thread != _leader) return Duration.Zero;
        Duration led = to - Later(from, Later(_since, thread.Segment.From));
        _wall[state] += led;
        return led;
    }

    /// <summary>True for a thread that has led since an instant.</summary>
    public readonly bool IsLedSince(ThreadTrack thread, Duration counted) =>
        thread == _leader && counted >= thread.Segment.From && counted >= _since;

    /// <summary>While no thread works on it: the gap is another one from here on.</summary>
    public void ChangeGap(AccountState next, Duration counted)
    {
        if (_leader is not null) return;
        ChargeGap(counted);
        _gap = next;
    }

    /// <summary>What is awaited is another kind of operation from here on.</summary>
    public void Await(AwaitedFor next, Duration counted)
    {
        if (_leader is null && _gap == AccountState.Awaiting) ChargeGap(counted);
        _awaits = next;
    }

    /// <summary>
    /// Charges the last gap. A thread leaves a request a moment before it tells its end: what it did in that moment was still for
    /// it, and nothing was awaited.
    /// </summary>
    /// <param name="teller">The thread that told the end.</param>
    /// <param name="counted">The end.</param>
    public void End(int teller, Duration counted)
    {
        bool isOfLast = _gap == AccountState.Awaiting && _last is { Segment.Unit: null } last
            && last.Id == teller && last.CountedSince <= _since;
        if (isOfLast)
        {
            _gap = AccountStates.From(_last!.State);
            _work[_gap] += counted - _since;
        }

        ChargeGap(counted);
    }

    /// <param name="counted">Its end.</param>
    /// <param name="queued">How long before its end it was ready, where that was told with the end only.</param>
    private void ChargeGap(Duration counted, Duration queued = default)
    {
        Duration gap = counted - _since;
        if (_gap != AccountState.Awaiting) queued = Duration.Zero;
        if (queued > gap) queued = gap;
        if (_gap == AccountState.Awaiting) _awaited[_awaits] += gap - queued;
        _wall[AccountState.Queued] += queued;
        _wall[_gap] += gap - queued;
        _since = counted;
    }

    private static Duration Later(Duration a, Duration b) => a > b ? a : b;
}

/// <summary>A stretch of time in which one thread works on a unit.</summary>
/// <param name="Unit">The unit; null where the thread works on none.</param>
/// <param name="Began">When it began.</param>
/// <param name="From">The counted time (see <see cref="AccountClock"/>) at which it began.</param>
/// <param name="FaultsBefore">Page faults of the thread until then.</param>
internal readonly record struct Segment(OpenUnit? Unit, Timestamp Began, Duration From, FaultCounts FaultsBefore);
