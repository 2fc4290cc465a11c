using System.Text.Json;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Why activities of a source are not told any more.</summary>
internal enum ActivityLoss
{
    /// <summary>The program itself records none of them, so the request was withdrawn.</summary>
    NotRecorded,

    /// <summary>Another tool has taken the process's one listener.</summary>
    OtherTool,

    /// <summary>The runtime did not take the request.</summary>
    Refused,
}

/// <summary>
/// Which sources of activities are asked for, and whether that still stands. Written by the stream's thread and by the
/// <see cref="ActivityKeeper"/>, for any thread to read. Opens nothing.
/// </summary>
/// <remarks>
/// <code>
/// asked ── 20 activities and 5 s, none recorded by the program ──> withdrawn (of that source, for good)
///   │ ^
///   │ └── its session has ended: asked again, 10 s after the last time at the earliest
///   └──── a session was opened that is not ours, or one was closed and nothing comes ──> taken (all sources)
/// </code>
/// A process has one listener for activities: whoever opens a session with the provider replaces the request of the one before, and
/// whoever closes one takes it away (seen on .NET 8.0.34, 9.0.23, 10.0.12). To withdraw is therefore to ask for what is left.
/// </remarks>
/// <param name="sources">What the user asked for.</param>
internal sealed class ActivityRequests(IReadOnlyList<ActivitySourceUnits> sources)
{
    /// <summary>So many activities are seen before a source is judged.</summary>
    public const int LeastSeen = 20;

    /// <summary>For so long a source is seen before it is judged.</summary>
    public static readonly Duration LeastTime = new Duration(5_000_000_000);

    /// <summary>Between two times of asking, so that two tools do not take the listener from each other all the time.</summary>
    public static readonly Duration LeastGap = new Duration(10_000_000_000);

    /// <summary>The same where it cannot be seen when the other tool's session ends.</summary>
    public static readonly Duration BlindGap = new Duration(60_000_000_000);

    /// <summary>Nothing came for so long after a session was closed: it had the listener.</summary>
    public static readonly Duration Silence = new Duration(3_000_000_000);

    /// <summary>Every reason, in the order of the enumeration.</summary>
    public static readonly IReadOnlyList<ActivityLoss> AllLosses = Enum.GetValues<ActivityLoss>();

    private const int Looks = 5;

    /// <summary>
    /// Looks in a row without a session but ours, before how many those are is known, and before another one has gone: the thread of a
    /// session comes after it has taken the listener, and the events that tell of it come later still.
    /// </summary>
    private const int LooksAlone = 3;
    private readonly Lock _entry = new();
    private readonly State[] _states = [.. sources.Select(source => new State(source))];
    private readonly long[] _losses = new long[AllLosses.Count];
    private readonly Queue<int> _sessions = [];
    private readonly Queue<string> _lines = [];
    private volatile int _changes;
    private bool _isTaken;
    private bool _mustAsk;
    private bool _isRefused;
    private int? _alone;
    private int _aloneFor;
    private (Timestamp From, Timestamp To) _opening;
    private Timestamp _asked;
    private Timestamp _taken;
    private Timestamp? _closedByOther;

    /// <summary>True where activities of any source are units.</summary>
    public bool Any => sources.Count > 0;

    /// <summary>What is asked for by now: without what was withdrawn.</summary>
    public IReadOnlyList<ActivitySourceUnits> Wanted
    {
        get
        {
            lock (_entry) return [.. _states.Where(state => !state.IsWithdrawn).Select(state => state.Source)];
        }
    }

    /// <summary>Grows when the activities of a source are not told any more.</summary>
    public int Changes => _changes;

    /// <summary>One line: what is wrong; null while the request stands.</summary>
    public string? Trouble
    {
        get
        {
            lock (_entry) return _isTaken ? "another tool has the process's one listener for activities" : null;
        }
    }

    /// <summary>Sources that are told of, withdrawn, taken by another tool.</summary>
    public (int Observed, int Withdrawn, int Taken) Count()
    {
        lock (_entry)
        {
            int withdrawn = _states.Count(state => state.IsWithdrawn), rest = _states.Length - withdrawn;
            return (_isTaken ? 0 : rest, withdrawn, _isTaken ? rest : 0);
        }
    }

    /// <summary>How often the activities of a source came to be told no more, for a reason.</summary>
    public long this[ActivityLoss why] => Volatile.Read(ref _losses[(int)why]);

    /// <summary>The reason's name, in metrics.</summary>
    public static string NameOf(ActivityLoss why) => JsonNamingPolicy.SnakeCaseLower.ConvertName(why.ToString());

    /// <summary>Another target: all sources are asked for and judged anew.</summary>
    public void Begin()
    {
        lock (_entry)
        {
            foreach (State state in _states) (state.Seen, state.IsRecorded, state.IsWithdrawn) = (0, false, false);
            (_isTaken, _mustAsk, _isRefused, _opening, _closedByOther) = (false, false, false, default, null);
            _sessions.Clear();
        }
    }

    /// <summary>A session of our own with the provider is opened until the result is disposed: what tells of one is ours.</summary>
    public IDisposable Opening() => new OwnOpening(this);

    /// <summary>The source of that name, where it is observed.</summary>
    public string? Find(ReadOnlySpan<char> name)
    {
        foreach (State state in _states)
        {
            if (name.SequenceEqual(state.Source.Source)) return state.IsWithdrawn ? null : state.Source.Source;
        }

        return null;
    }

    /// <summary>How often the activities of a source came to be told no more.</summary>
    public int LossesOf(string source) => Array.Find(_states, state => state.Source.Source == source)?.Losses ?? 0;

    /// <summary>An activity began.</summary>
    /// <param name="source">Its source.</param>
    /// <param name="at">When.</param>
    /// <param name="isRecorded">The program itself records it.</param>
    public void Began(string source, Timestamp at, bool isRecorded)
    {
        lock (_entry)
        {
            State state = Array.Find(_states, state => state.Source.Source == source)!;
            if (state.Seen++ == 0) state.First = at;
            state.IsRecorded |= isRecorded;
            if (_closedByOther < at) _closedByOther = null;
        }
    }

    /// <summary>A session with the provider was opened at that time.</summary>
    public void Opened(Timestamp at)
    {
        lock (_entry)
        {
            // Before we asked last: our request has taken the place of that one since.
            if (at > _opening.To) Take(at);
        }
    }

    /// <summary>Judges what was seen so far.</summary>
    /// <param name="now">CLOCK_MONOTONIC.</param>
    /// <param name="sessions">Sessions that the target has open; null where that cannot be seen.</param>
    /// <returns>What people should know, and whether to ask for <see cref="Wanted"/> now.</returns>
    public (IReadOnlyList<string> Lines, bool MustAsk) Look(Timestamp now, int? sessions)
    {
        lock (_entry)
        {
            foreach (State state in _states) Judge(state, now);
            if (Wanted.Count > 0) Watch(now, sessions);
            string[] lines = [.. _lines];
            _lines.Clear();
            return (lines, _mustAsk && (!_isRefused || now - _asked >= LeastGap));
        }
    }

    /// <summary>The runtime was asked for <see cref="Wanted"/>.</summary>
    /// <param name="now">When.</param>
    /// <param name="isTaken">It took the request.</param>
    public void Asked(Timestamp now, bool isTaken)
    {
        lock (_entry)
        {
            _asked = now;
            _mustAsk = !isTaken;
            _sessions.Clear();
            _closedByOther = null;
            if (!isTaken)
            {
                if (!_isRefused) _lines.Enqueue("the runtime did not take a request for activities; it is repeated");
                Interlocked.Increment(ref _losses[(int)ActivityLoss.Refused]);
            }
            else if (_isTaken)
            {
                _lines.Enqueue($"activities of {Names()} are asked for again");
                _isTaken = false;
            }

            _isRefused = !isTaken;
        }
    }

    private void Judge(State state, Timestamp now)
    {
        if (state.Source.IsForced || state.IsWithdrawn || state.IsRecorded || state.Seen < LeastSeen || now - state.First < LeastTime) return;
        state.IsWithdrawn = true;
        Lose(state, ActivityLoss.NotRecorded);
        _mustAsk = !_isTaken;
        _lines.Enqueue(
            $"--unit activity:{state.Source.Source} was withdrawn: the program records none of these activities itself (of {state.Seen}), so they exist only "
            + $"while they are observed, and it may not export spans below them; activity:{state.Source.Source}! observes them all the same");
    }

    private void Watch(Timestamp now, int? sessions)
    {
        // While ours come and go the number says nothing about others.
        bool hasEnded = sessions is { } open && _sessions.Count > 0 && open < _sessions.Last();
        if (_isTaken)
        {
            _aloneFor = sessions <= _alone ? _aloneFor + 1 : 0;
            bool isGone = hasEnded || _aloneFor >= LooksAlone
                || (sessions is null && now - _asked >= BlindGap) || (_alone is null && now - _taken >= BlindGap);
            _mustAsk |= isGone && now - _asked >= LeastGap;
        }
        else if (hasEnded)
        {
            _closedByOther ??= now;
        }

        if (!_isTaken && now - _closedByOther >= Silence) Take(now);
        if (sessions is not { } count) return;
        _sessions.Enqueue(count);
        if (_sessions.Count > Looks) _sessions.Dequeue();
        // The newest ones may already have the session of a tool whose events have not come yet.
        if (!_isTaken) _alone = _sessions.Count >= LooksAlone ? _sessions.Min() : null;
    }

    private void Take(Timestamp at)
    {
        if (_isTaken || Wanted.Count == 0) return;
        (_isTaken, _taken, _aloneFor) = (true, at, 0);
        _closedByOther = null;
        foreach (State state in _states.Where(state => !state.IsWithdrawn)) Lose(state, ActivityLoss.OtherTool);
        _lines.Enqueue($"another tool has taken the one listener for activities that a process has: those of {Names()} are not seen until its session has ended");
    }

    private void Lose(State state, ActivityLoss why)
    {
        state.Losses++;
        Interlocked.Increment(ref _losses[(int)why]);
        _changes++;
    }

    private string Names() => string.Join(", ", _states.Where(state => !state.IsWithdrawn).Select(state => state.Source.Source));

    private sealed class State(ActivitySourceUnits source)
    {
        public ActivitySourceUnits Source => source;
        public long Seen { get; set; }
        public bool IsRecorded { get; set; }
        public bool IsWithdrawn { get; set; }
        public int Losses { get; set; }
        public Timestamp First { get; set; }
    }

    private sealed class OwnOpening : IDisposable
    {
        private readonly ActivityRequests _requests;

        public OwnOpening(ActivityRequests requests)
        {
            _requests = requests;
            lock (requests._entry) requests._opening = (Now(), Timestamp.Never);
        }

        public void Dispose()
        {
            lock (_requests._entry) _requests._opening.To = Now();
        }

        private static Timestamp Now() => new(MonotonicClock.NowNanoseconds());
    }
}
