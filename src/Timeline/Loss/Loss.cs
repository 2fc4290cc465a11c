namespace Observatory.Timeline;

/// <summary>What a loss makes unknown: the runtime's events, all scheduler events, or those of one ring.</summary>
/// <remarks>
/// A ring belongs to a CPU, or to a thread where the whole machine may not be recorded. The value of its scope is also
/// the number by which the timeline keeps the events of a ring in order (see <see cref="TimelineEvent.Cpu"/>).
/// </remarks>
/// <param name="Value">-2 the runtime, -1 every CPU, else a ring: the CPU's number, or 2^30 and the thread's id.</param>
public readonly record struct LossScope(int Value)
{
    // Linux has at most 2^22 thread ids, and far fewer CPUs than this.
    private const int FirstThread = 1 << 30;

    /// <summary>Suspensions and iterations may be missing.</summary>
    public static readonly LossScope Runtime = new(-2);

    /// <summary>Scheduler events of every CPU may be missing; also: they are not recorded.</summary>
    public static readonly LossScope Scheduler = new(-1);

    /// <summary>Page faults of some thread may be missing, and nothing else: as in the ring of a thread that there is not.</summary>
    public static readonly LossScope PageFaults = Thread(TimelineEvent.UnknownThread);

    /// <summary>Scheduler events of one CPU may be missing.</summary>
    public static LossScope Cpu(int cpu) => new(cpu);

    /// <summary>Scheduler events of one thread may be missing, all others are there.</summary>
    public static LossScope Thread(int thread) => new(FirstThread | thread);

    /// <summary>True for <see cref="Runtime"/>.</summary>
    public bool IsRuntime => Value == -2;

    /// <summary>True for a <see cref="Thread(int)"/>.</summary>
    public bool IsThread => Value >= FirstThread;

    /// <summary>True for the ring of a CPU or of a thread.</summary>
    public bool IsRing => Value >= 0;

    /// <summary>The thread, where it is one's.</summary>
    public int ThreadId => Value & (FirstThread - 1);
}

/// <summary>Why an account is incomplete: what is missing that could have changed it. Most telling first.</summary>
[Flags]
public enum IncompleteReasons
{
    /// <summary>Nothing is missing.</summary>
    None = 0,

    /// <summary>The kernel or the translator counted records that were lost.</summary>
    RecordsLost = 1 << 0,

    /// <summary>The runtime's events have gaps: EventPipe dropped some.</summary>
    EventsDropped = 1 << 1,

    /// <summary>A CPU's switches did not follow from one another although no loss was counted.</summary>
    ChainBroken = 1 << 2,

    /// <summary>A thread's events did not follow from one another although no loss was known.</summary>
    Contradiction = 1 << 3,

    /// <summary>Something was told after the timeline had gone on.</summary>
    Late = 1 << 4,

    /// <summary>The scheduler's stream stood still for so long that the timeline went on without it.</summary>
    Stalled = 1 << 5,

    /// <summary>The scheduler was not observed on purpose, to see what observing costs (--observer-effect).</summary>
    Paused = 1 << 6,

    /// <summary>The driving thread's own counters were needed and did not come.</summary>
    NoCounters = 1 << 7,

    /// <summary>
    /// The wake-up that ended a sleep was not seen, or one was seen whose thread could not be identified: how long the
    /// thread waited for a CPU is not known.
    /// </summary>
    UnseenWakeUp = 1 << 8,

    /// <summary>What a thread did, or a suspension, began before it was seen.</summary>
    NotSeen = 1 << 9,

    /// <summary>A stream, or the recording of one thread, had not begun yet or was over.</summary>
    NotJoined = 1 << 10,

    /// <summary>It ended on another thread than it began on, and nothing told when it moved.</summary>
    ThreadChanged = 1 << 11,

    /// <summary>Which threads worked on it was not observed.</summary>
    NoSegments = 1 << 12,
}

/// <summary>Which events are missing at the present place of the timeline. No stream has joined at first, so all are.</summary>
/// <remarks>Losses of one scope may overlap, so they are counted: it is complete when the last of them has ended.</remarks>
internal sealed class LossState
{
    private readonly Dictionary<LossScope, (int Count, IncompleteReasons Reasons)> _losses = [];

    // Losses that may hide any thread: of a CPU or of all.
    private int _wide;

    // Asked of every event, and changed by few.
    private bool _runtime;
    private bool _scheduler;

    public LossState()
    {
        Begin(LossScope.Runtime, IncompleteReasons.NotJoined);
        Begin(LossScope.Scheduler, IncompleteReasons.NotJoined);
    }

    /// <summary>True while suspensions and iterations may be missing.</summary>
    public bool Runtime => _runtime;

    /// <summary>Why suspensions and iterations may be missing.</summary>
    public IncompleteReasons RuntimeReasons => _losses.GetValueOrDefault(LossScope.Runtime).Reasons;

    /// <summary>True while nothing can be missing at all.</summary>
    public bool IsNone => _losses.Count == 0;

    /// <summary>Scopes of which something is missing.</summary>
    public int Count => _losses.Count;

    /// <summary>True while switches of a CPU, or of the ring of one thread, may be missing.</summary>
    public bool Hides(int ring) =>
        _scheduler || (_losses.Count > 0 && _losses.ContainsKey(new LossScope(ring)));

    /// <summary>True while scheduler events of a thread may be missing, on whatever CPU.</summary>
    public bool MayHide(int thread) => _wide > 0 || (_losses.Count > 0 && _losses.ContainsKey(LossScope.Thread(thread)));

    /// <summary>Why scheduler events of a thread may be missing.</summary>
    public IncompleteReasons ReasonsFor(int thread)
    {
        var reasons = IncompleteReasons.None;
        foreach ((LossScope scope, (_, IncompleteReasons why)) in _losses)
        {
            if (IsWide(scope) || scope == LossScope.Thread(thread)) reasons |= why;
        }

        return reasons;
    }

    /// <summary>
    /// True when the present state of a thread is certain. With one CPU's events missing, a thread that runs on another
    /// is still known to run there; one that waits could have been taken in by the CPU whose events are missing.
    /// </summary>
    public bool IsCertain(ThreadTrack thread) =>
        !MayHide(thread.Id)
        || (thread is { State: ThreadState.Running, Cpu: >= 0 }
            && !Hides(thread.Cpu));

    /// <summary>The losses that last.</summary>
    public IEnumerable<LossNow> Now => _losses.Select(loss => new LossNow(loss.Key, loss.Value.Count, loss.Value.Reasons));

    public LossState Copy()
    {
        var copy = new LossState { _wide = _wide, _runtime = _runtime, _scheduler = _scheduler };
        copy._losses.Clear();
        foreach ((LossScope scope, (int, IncompleteReasons) loss) in _losses) copy._losses.Add(scope, loss);
        return copy;
    }

    public void Begin(LossScope scope, IncompleteReasons why)
    {
        (int count, IncompleteReasons reasons) = _losses.GetValueOrDefault(scope);
        _losses[scope] = (count + 1, reasons | why);
        if (count == 0) Turn(scope, isLost: true);
    }

    public void End(LossScope scope)
    {
        if (!_losses.Remove(scope, out (int Count, IncompleteReasons Reasons) loss)) return;
        if (loss.Count > 1) _losses.Add(scope, (loss.Count - 1, loss.Reasons));
        else Turn(scope, isLost: false);
    }

    private void Turn(LossScope scope, bool isLost)
    {
        if (scope.IsRuntime) _runtime = isLost;
        if (scope == LossScope.Scheduler) _scheduler = isLost;
        if (IsWide(scope)) _wide += isLost ? 1 : -1;
    }

    private static bool IsWide(LossScope scope) => scope is { IsRuntime: false, IsThread: false };
}

/// <summary>
/// When what was last missing that may concern every unit of work: a unit asks at its end whether that was since its
/// beginning, so a loss is entered once, however many units are open.
/// </summary>
internal sealed class LossHistory(LossState loss)
{
    private readonly long[] _last = new long[32];
    private long _entries;
    private long _lastFlaw;

    /// <summary>This place in the history.</summary>
    public Mark Now => new(_entries, loss.IsNone);

    /// <summary>Something is missing that may have changed the split of every open unit.</summary>
    public void Enter(IncompleteReasons why)
    {
        _entries++;
        for (int bit = 0; bit < _last.Length; bit++)
        {
            if (((int)why >> bit & 1) != 0) _last[bit] = _entries;
        }
    }

    /// <summary>Something is missing that may have changed the details of every open unit, not the split.</summary>
    public void EnterFlaw() => _lastFlaw = ++_entries;

    /// <summary>What has been missing since a mark that may have changed the split.</summary>
    public IncompleteReasons ReasonsSince(Mark mark)
    {
        var reasons = IncompleteReasons.None;
        if (_entries == mark.Entry) return reasons;
        for (int bit = 0; bit < _last.Length; bit++)
        {
            if (_last[bit] > mark.Entry) reasons |= (IncompleteReasons)(1 << bit);
        }

        return reasons;
    }

    /// <summary>True when nothing was missing at a mark, and nothing since that may have changed the details.</summary>
    public bool NothingSince(Mark mark) => mark.WasComplete && _lastFlaw <= mark.Entry;

    /// <summary>A place in the history.</summary>
    /// <param name="Entry">Entries before it.</param>
    /// <param name="WasComplete">Nothing was missing then.</param>
    internal readonly record struct Mark(long Entry, bool WasComplete);
}
