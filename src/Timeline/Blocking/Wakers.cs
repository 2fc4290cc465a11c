namespace Observatory.Timeline;

/// <summary>
/// Finds out what threads waited for while they were blocked inside a unit of work: the thread that ends a sleep is what it
/// waited for, and the time of the sleep is charged to what that thread did meanwhile. Where that slept too, its own waker
/// is followed in the same way, and so on.
/// </summary>
/// <remarks>
/// <code>
///   A  running |............. blocked .............| woken by B
///   B   blocked ........| woken by C | preempted | running
///   C   running ........|
///  =>  A waited for  C through B, running | B, waking and preempted | B, running
/// </code>
/// Each sleep is resolved inside the stretch in which it delayed the one before, so the parts never overlap and add up to
/// the first sleep. Time goes backwards along the way, so it ends. Which thread the waker is shows at the end of a sleep only, so
/// every thread keeps a <see cref="StateHistory"/>; nothing else is stored for a slice, and nothing is allocated for one.
/// </remarks>
internal sealed class Wakers(AccountClock clock, ThreadTable threads) : ISliceConsumer
{
    /// <summary>Most threads between a sleep and what it waited for.</summary>
    public const int Deepest = 16;

    /// <summary>Most wakers that are asked for one sleep; what lies behind them is not followed.</summary>
    private const int MostEdges = 256;

    /// <summary>A pool's workers wake each other: most threads between the one that asked and the one that ran.</summary>
    private const int DeepestAsked = 4;

    private OpenBlocked _into = new();
    private int _edges;
    private int _sleeper;
    private bool _isFirstAsked;

    /// <summary>Instants that threads keep of their past.</summary>
    public int Kept => threads.All.Sum(thread => thread.History.Count);

    /// <inheritdoc />
    public void Closed(in Slice slice)
    {
        WokenBy by = WakerOf(slice);
        slice.Thread.History.Add(slice.CountedFrom, slice.CountedTo, slice.State, by);
        if (by.Thread == TimelineEvent.UnknownThread) return;
        Segment segment = slice.Thread.Segment;
        if (segment.Unit is not { } unit || !unit.IsLedThrough(slice)) return;
        (_into, _edges, _sleeper) = (unit.Blocked, 0, slice.Thread.Id);
        _isFirstAsked = !by.IsOwn || threads.Find(by.Thread) is not { } first || WasAskedSince(first, segment.From);
        Duration from = slice.CountedFrom;
        if (AsynchronousOf(by, unit) is { } work && work.From > from)
        {
            _into.Charge(OpenBlocked.Direct, by.Thread, BlockedFor.Asynchronous, work.From - from, work.Unit == unit);
            from = work.From;
        }

        FollowWaker(OpenBlocked.Direct, by, from, slice.CountedTo, depth: 1);
    }

    /// <summary>
    /// The segment that a waker is in, where it and the sleeper work on units whose segments come and go: what the waker did before
    /// it concerns the sleeper as little as what any other thread did.
    /// </summary>
    private Segment? AsynchronousOf(WokenBy by, OpenUnit unit) =>
        !unit.Id.IsExclusive && by.IsOwn && threads.Find(by.Thread)?.Segment is { Unit.Id.IsExclusive: false } segment ? segment : null;

    private WokenBy WakerOf(in Slice slice)
    {
        // Its wake-up was not recorded, and it came to a CPU that was idle until then: only those of the idle task are missing.
        if (slice is { State: ThreadState.Blocked, Next: ThreadState.Running, IsFlawed: false }) return new WokenBy(TimelineEvent.Interrupt, IsOwn: false);
        bool isWoken = slice is { State: ThreadState.Blocked, Next: ThreadState.Waking, IsFlawed: false };
        if (!isWoken || slice.Waker == slice.Thread.Id) return default;
        return new WokenBy(slice.Waker, slice.Waker > TimelineEvent.UnknownThread && threads.Find(slice.Waker) is not null);
    }

    /// <summary>Charges a sleep to what ended it.</summary>
    /// <returns>How much of it that explains.</returns>
    private Duration FollowWaker(int via, WokenBy by, Duration from, Duration to, int depth)
    {
        // A thread that has exited since took its past with it, and one that has its number now has none from then.
        if (by.IsOwn) return threads.Find(by.Thread) is { } waker ? Follow(via, waker, from, to, depth) : Duration.Zero;
        if (by.Thread == TimelineEvent.UnknownThread) return Duration.Zero;
        _into.Charge(via, by.Thread, TimelineEvent.IsInterrupt(by.Thread) ? BlockedFor.Interrupt : BlockedFor.OtherProcess, to - from, _isFirstAsked);
        return to - from;
    }

    /// <summary>Charges a stretch of time to what a thread did in it, backwards.</summary>
    private Duration Follow(int via, ThreadTrack thread, Duration from, Duration to, int depth)
    {
        (Duration explained, Duration end) = (Duration.Zero, to);
        if (thread.CountedSince < end)
        {
            Duration since = Later(thread.CountedSince, from);
            explained += Tell(via, thread, new Stretch(since, clock.Counted, thread.State, default, IsMixed: false), since, end, depth);
            end = since;
        }

        StateHistory past = thread.History;
        for (int place = past.PlaceBefore(end); place > 0 && end > from; place--)
        {
            Stretch stretch = past.At(place);
            if (stretch.To < end) break;
            Duration since = Later(stretch.From, from);
            explained += stretch.IsMixed ? TellMixed(via, thread, place, since, end) : Tell(via, thread, stretch, since, end, depth);
            end = since;
        }

        return explained + FollowMaker(via, thread, from, end, depth);
    }

    /// <summary>Charges the time before a thread was there to what the thread did that made it.</summary>
    private Duration FollowMaker(int via, ThreadTrack made, Duration from, Duration to, int depth)
    {
        bool wasMade = made.Maker != TimelineEvent.UnknownThread && to > from && to == made.History.Start;
        if (!wasMade || depth >= Deepest || ++_edges > MostEdges) return Duration.Zero;
        return threads.Find(made.Maker) is { } maker ? Follow(_into.Through(via, made.Id), maker, from, to, depth + 1) : Duration.Zero;
    }

    private Duration Tell(int via, ThreadTrack thread, in Stretch stretch, Duration from, Duration to, int depth)
    {
        Duration time = to - from;
        switch (stretch.State)
        {
            case ThreadState.Running: _into.Charge(via, thread.Id, BlockedFor.Running, time, IsAsked(via, thread, from)); break;
            case ThreadState.Preempted: _into.Charge(via, thread.Id, BlockedFor.Preempted, time); break;
            case ThreadState.Waking: _into.Charge(via, thread.Id, BlockedFor.Waking, time); break;
            case ThreadState.Blocked:
                // A sleep that went on beyond the stretch was not what it ended with.
                bool isFollowed = to == stretch.To && depth < Deepest && ++_edges <= MostEdges;
                Duration explained = isFollowed ? FollowWaker(_into.Through(via, thread.Id), stretch.By, from, to, depth + 1) : Duration.Zero;
                _into.Charge(via, thread.Id, BlockedFor.Sleeping, time - explained, _isFirstAsked);
                break;
            default: return Duration.Zero;
        }

        return time;
    }

    /// <summary>
    /// True for a thread that runs for those that wait for it: its last sleep before an instant was ended by one of them, or by
    /// a thread of which the same is true; or one of these made it.
    /// </summary>
    private bool IsAsked(int via, ThreadTrack thread, Duration at, int depth = 0)
    {
        if (thread.Role == ThreadRole.Worker) return true;
        StateHistory past = thread.History;
        for (int place = past.PlaceBefore(at); place > 0; place--)
        {
            Stretch stretch = past.At(place);
            if (stretch.IsMixed) return false;
            if (stretch.State != ThreadState.Blocked) continue;
            return stretch.By.Thread != TimelineEvent.UnknownThread && IsFor(via, stretch.By.Thread, stretch.To, depth);
        }

        return thread.Maker != TimelineEvent.UnknownThread && IsFor(via, thread.Maker, past.Start, depth);
    }

    /// <summary>True for what one of those that wait did, or a thread that ran for them.</summary>
    private bool IsFor(int via, int thread, Duration at, int depth) =>
        thread == _sleeper || _into.IsOnWay(via, thread)
        || (depth < DeepestAsked && threads.Find(thread) is { } asked && IsAsked(via, asked, at, depth + 1));

    /// <summary>
    /// False for a thread that the sleeper has neither woken nor made since an instant, nor a thread that the sleeper has woken: it slept
    /// for a reason of its own. True also where its past does not tell.
    /// </summary>
    private bool WasAskedSince(ThreadTrack thread, Duration since, int depth = 0)
    {
        StateHistory past = thread.History;
        for (int place = past.PlaceBefore(clock.Counted); place > 0; place--)
        {
            Stretch stretch = past.At(place);
            if (stretch.To < since) return false;
            if (stretch.IsMixed) return true;
            if (stretch.State != ThreadState.Blocked) continue;
            if (stretch.By.Thread == _sleeper) return true;
            bool isAskedByOther = stretch.By.IsOwn && depth < DeepestAsked
                && threads.Find(stretch.By.Thread) is { } other && WasAskedSince(other, since, depth + 1);
            if (isAskedByOther) return true;
        }

        return thread.Maker == TimelineEvent.UnknownThread || (past.Start >= since && IsFor(OpenBlocked.Direct, thread.Maker, past.Start, depth));
    }

    /// <summary>Of a stretch in which a thread did several things it is not known when.</summary>
    private Duration TellMixed(int via, ThreadTrack thread, int place, Duration from, Duration to)
    {
        Stretch stretch = thread.History.At(place);
        if (stretch.From != from || stretch.To != to) return Duration.Zero;
        Duration explained = Duration.Zero;
        explained += Charge(ThreadState.Running, BlockedFor.Running);
        explained += Charge(ThreadState.Preempted, BlockedFor.Preempted);
        explained += Charge(ThreadState.Waking, BlockedFor.Waking);
        explained += Charge(ThreadState.Blocked, BlockedFor.Sleeping);
        return explained;

        Duration Charge(ThreadState state, BlockedFor cause)
        {
            Duration time = thread.History.TimeIn(place, state);
            _into.Charge(via, thread.Id, cause, time);
            return time;
        }
    }

    private static Duration Later(Duration a, Duration b) => a > b ? a : b;
}
