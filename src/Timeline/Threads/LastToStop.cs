namespace Observatory.Timeline;

/// <summary>
/// Finds the thread that a suspension waited for. Asked to stand still, managed threads do so within microseconds, except for one that
/// has no CPU or runs what the runtime cannot interrupt.
/// </summary>
/// <remarks>
/// <code>
///           began                            reached            ended
///   asks    | looks again and again ......... | ........ wakes L |
///   L       | runs or wants a CPU ......... sleeps ............. |      => L was last
///   M       | sleeps ................................... woken by "asks"   stood still early
///   N       | runs native code ......... sleeps ... woken by another       was not waited for
/// </code>
/// No event says which thread that was. It is told only where one thread alone fits: it had run or wanted a CPU ever since the suspension
/// began, it went to sleep when this was reached, and the thread that had asked ended that sleep. One that runs native
/// code is not waited for; it stands still when it returns from there, which it may do at any time: so only what is asleep just
/// then counts, by what the one that looks has run since. One that lost its CPU just then may be on its way to sleep: it counts
/// from there, and as long as it has not slept, another that fits is not alone.
/// </remarks>
internal sealed class LastToStop(ThreadTable threads) : ISliceConsumer
{
    private const int Most = 64;

    /// <summary>
    /// A thread says that it stands still and then goes to sleep, and the one that asked looks for what it says. Either takes some microseconds
    /// of a CPU.
    /// </summary>
    private static readonly Duration Notice = new(200_000);

    private readonly List<Stop> _stops = [];
    private Timestamp? _began;
    private Timestamp? _reached;
    private int _by;
    private Duration _ran;
    private Duration _ranUntilReached;
    private bool _isDoubtful;

    /// <summary>A suspension began, unless one lasts already.</summary>
    public void Begin(in TimelineEvent began)
    {
        if (_began is not null) return;
        Forget();
        (_began, _by, _isDoubtful) = (began.At, began.Thread, began.IsLate);
    }

    /// <summary>All managed threads stand still.</summary>
    public void Reach(in TimelineEvent reached)
    {
        if (_began is null || _reached is not null) return;
        (_reached, _ranUntilReached) = (reached.Happened, RanUntil(reached.At));
        // It tells that itself, so it is on a CPU.
        _isDoubtful |= reached.IsLate || threads.Find(_by) is not { State: ThreadState.Running };
    }

    /// <summary>They go on.</summary>
    /// <param name="began">When the suspension began.</param>
    /// <param name="ended">Now.</param>
    public Suspension End(Timestamp began, Timestamp ended)
    {
        var suspension = new Suspension(began, _reached, ended, _by, Last());
        Forget();
        return suspension;
    }

    /// <summary>Nothing is known of a suspension.</summary>
    public void Forget()
    {
        _stops.Clear();
        (_began, _reached, _by, _isDoubtful) = (null, null, TimelineEvent.UnknownThread, false);
        _ran = _ranUntilReached = Duration.Zero;
    }

    /// <inheritdoc />
    public void Closed(in Slice slice)
    {
        if (_began is not { } began) return;
        // What a thread did that shows up now for the first time is not known, unless it has just been made.
        _isDoubtful |= slice.IsFlawed || slice is { State: ThreadState.Unknown, Next: not ThreadState.Waking };
        if (slice.Thread.Id == _by)
        {
            if (slice.State == ThreadState.Running) _ran += slice.To - Timestamp.Later(slice.From, began);
            return;
        }

        if (slice is { State: ThreadState.Running, Next: ThreadState.Blocked or ThreadState.Preempted }) Leave(slice.Thread, slice.To, began);
        else if (slice.State is ThreadState.Blocked or ThreadState.Unknown) Wake(slice);
    }

    /// <summary>A thread left its CPU: it went to sleep, or will when it has one again.</summary>
    private void Leave(ThreadTrack thread, Timestamp at, Timestamp began)
    {
        // It may have said that it stands still before it lost its CPU earlier.
        bool isTooLate = _reached is { } reached && at - reached > Notice;
        if (isTooLate || _stops.Exists(stop => stop.Thread == thread.Id && stop.IsWoken)) return;
        _stops.RemoveAll(stop => stop.Thread == thread.Id);
        if (thread.RunnableSince > began) return;
        // Those that stopped long ago are not the last.
        if (_stops.Count == Most) _stops.RemoveAt(0);
        _stops.Add(new Stop(thread.Id, RanUntil(at), IsWoken: false));
    }

    /// <summary>What ends a sleep tells whether it was for the suspension.</summary>
    private void Wake(in Slice slice)
    {
        int thread = slice.Thread.Id;
        int place = _stops.FindIndex(stop => stop.Thread == thread && !stop.IsWoken);
        if (place < 0) return;
        bool isByAsker = slice is { State: ThreadState.Blocked, Next: ThreadState.Waking } && slice.Waker == _by && _reached is not null;
        if (isByAsker) _stops[place] = _stops[place] with { IsWoken = true };
        else _stops.RemoveAt(place);
    }

    private int Last()
    {
        if (_reached is null || _isDoubtful || _by == TimelineEvent.UnknownThread) return TimelineEvent.UnknownThread;
        Stop[] last = [.. _stops.Where(stop => _ranUntilReached - stop.Ran <= Notice)];
        return last is [{ IsWoken: true } only] ? only.Thread : TimelineEvent.UnknownThread;
    }

    /// <summary>How long the thread that asked has run since the suspension began.</summary>
    private Duration RanUntil(Timestamp now) =>
        threads.Find(_by) is { State: ThreadState.Running } asks ? _ran + (now - Timestamp.Later(asks.Since, _began ?? now)) : _ran;

    /// <summary>A thread left its CPU.</summary>
    /// <param name="Thread">The thread.</param>
    /// <param name="Ran">How long the thread that asked had run until then.</param>
    /// <param name="IsWoken">True when it slept, and that one ended the sleep.</param>
    private readonly record struct Stop(int Thread, Duration Ran, bool IsWoken);
}
