namespace Observatory.Timeline;

/// <summary>
/// Events of all sources in, accounts out. Not thread-safe: one thread feeds it and receives what it finds out.
/// </summary>
/// <remarks>
/// The path of an event: <see cref="Add(in TimelineEvent)"/> puts it in the lane of its stream, <see cref="Advance"/> releases it when the
/// watermark of every stream has passed its time, <see cref="Accounting"/> applies it.
/// </remarks>
public sealed class Timeline
{
    private readonly ReorderBuffer _buffer;
    private readonly Accounting _accounting;
    private readonly EventsReceiver? _consumed;

    /// <param name="process">Process id of the target: threads of others only matter as holders of a CPU.</param>
    /// <param name="observer">Receives the results.</param>
    /// <param name="limits">Bounds on waiting for a stream that stands still.</param>
    /// <param name="consumed">Receives all events after they were applied, in the order of the timeline.</param>
    /// <param name="seesWholeMachine">
    /// True where every thread has a number, so that 0 is the idle task; in a pid namespace of the observer's own it may also
    /// be a thread outside.
    /// </param>
    public Timeline(
        int process,
        ITimelineObserver observer,
        TimelineLimits? limits = null,
        EventsReceiver? consumed = null,
        bool seesWholeMachine = true)
    {
        _accounting = new Accounting(process, observer, Counters, seesWholeMachine);
        _buffer = new ReorderBuffer(limits ?? new TimelineLimits(), Counters, Apply);
        _consumed = consumed;
    }

    /// <summary>What was counted so far.</summary>
    public TimelineCounters Counters { get; } = new();

    /// <summary>Events held back because a stream is not complete up to their time.</summary>
    public int Held => _buffer.Held;

    /// <summary>Bytes that they take, with what is kept for the next flood.</summary>
    public long HeldBytes => _buffer.Bytes;

    /// <summary>
    /// What all threads of the process did since the first stream joined, as far as it has been applied. A wait that is
    /// not over may still turn out to be another state, so the time of a single state may shrink a little; their sum
    /// does not.
    /// </summary>
    public PoolAccount ProcessTimes => _accounting.ProcessTimes;

    /// <summary>The state between the last event that was applied and the next: where a recording can begin.</summary>
    public TimelineCheckpoint Checkpoint() => _accounting.Checkpoint();

    /// <summary>A stream begins to deliver: before, everything it would have told is unknown.</summary>
    public void Join(StreamKind stream, Timestamp from) => _buffer.Join(stream, from);

    /// <summary>A stream stops: from here on, everything it would have told is unknown.</summary>
    public void Leave(StreamKind stream, Timestamp at) => _buffer.Leave(stream, at);

    /// <summary>Adds an event. Events of one CPU, and those of the runtime, must come in their own order.</summary>
    public void Add(in TimelineEvent added) => _buffer.Add(added);

    /// <summary>Adds a switch or a wake-up that is packed, no place of something else.</summary>
    public void Add(in PackedEvent added) => _buffer.Add(added);

    /// <summary>
    /// Events of a scope are missing up to an instant: of one ring since its last record, of all scheduler events or the
    /// runtime since everything was last complete, because they are read from more than one buffer.
    /// </summary>
    /// <param name="scope">What is missing.</param>
    /// <param name="until">From here on it is complete again.</param>
    /// <param name="why">Why; where nothing is said, because a loss was counted.</param>
    public void AddLoss(LossScope scope, Timestamp until, IncompleteReasons why = IncompleteReasons.None) =>
        _buffer.AddLoss(scope, until, why != IncompleteReasons.None ? why : Counted(scope));

    /// <summary>A stream has delivered everything up to an instant.</summary>
    /// <remarks>
    /// A ring that was found full may have lost what came after its last record: claim no more than that record's time
    /// until the loss is told, or accounts close as complete before the timeline can know better.
    /// </remarks>
    public void Advance(StreamKind stream, Timestamp completeTo)
    {
        Claim(stream, completeTo);
        while (ReleaseSome())
        {
        }
    }

    /// <summary>The same without its consequences, which come with <see cref="ReleaseSome"/>.</summary>
    public void Claim(StreamKind stream, Timestamp completeTo) => _buffer.Advance(stream, completeTo);

    /// <summary>Applies some of the events that nothing has to wait for, a few milliseconds' work. Between two calls events may be added.</summary>
    /// <returns>False when that was all.</returns>
    public bool ReleaseSome()
    {
        bool isMore = _buffer.ReleaseSome();
        _accounting.Tell();
        return isMore;
    }

    /// <summary>Threads of the target that are known and have not exited.</summary>
    internal int Threads => _accounting.Threads;

    /// <summary>How many things are held.</summary>
    internal TimelineFootprint Footprint => _accounting.Footprint with
    {
        Events = _buffer.Held, Lanes = _buffer.Lanes, Chains = _buffer.Chains,
    };

    private void Apply(EventRun events)
    {
        _accounting.Apply(events);
        _consumed?.Invoke(events);
    }

    private static IncompleteReasons Counted(LossScope scope) =>
        scope.IsRuntime ? IncompleteReasons.EventsDropped : IncompleteReasons.RecordsLost;

    /// <summary>
    /// Applies everything that is still held, and counts what is open as missing its end. For the end of the recording.
    /// </summary>
    public void Flush()
    {
        _buffer.Flush();
        _accounting.Finish();
    }
}

/// <summary>How long and how much the timeline waits for a stream that stands still.</summary>
public sealed record TimelineLimits
{
    /// <summary>Longest time an event is held back. EventPipe was seen to lag 2.7 s; a stalled target lags for ever.</summary>
    public Duration MaximumHold { get; init; } = Duration.FromMilliseconds(10_000);

    /// <summary>
    /// Most memory of events held back, in bytes. A switch or a wake-up takes 16, what else happens 64: the default holds
    /// more than two seconds of a million and a half scheduler events a second. Above it the oldest are told although a stream may still
    /// have something to say about their time: without the scheduler's, accounts are incomplete (<see cref="IncompleteReasons.Stalled"/>);
    /// what comes later is counted as late. What one delivery adds comes on top.
    /// </summary>
    public long MaximumHeldBytes { get; init; } = 64 << 20;
}

/// <summary>How many things the timeline holds: what must stay bounded however long it runs.</summary>
/// <param name="Events">Held back.</param>
/// <param name="Lanes">Rings whose events are put in order, and the runtime's stream.</param>
/// <param name="Chains">Rings whose switches are followed.</param>
/// <param name="Losses">Scopes of which something is missing now.</param>
/// <param name="Threads">Followed.</param>
/// <param name="Units">Open, and iterations that gave way to another one on their thread.</param>
/// <param name="History">Instants that threads keep of their past.</param>
/// <param name="Holders">Stretches of CPUs.</param>
internal readonly record struct TimelineFootprint(
    int Events, int Lanes, int Chains, int Losses, int Threads, int Units, int History, int Holders)
{
    /// <summary>The larger of each.</summary>
    public static TimelineFootprint Larger(TimelineFootprint a, TimelineFootprint b) => new(
        Math.Max(a.Events, b.Events),
        Math.Max(a.Lanes, b.Lanes),
        Math.Max(a.Chains, b.Chains),
        Math.Max(a.Losses, b.Losses),
        Math.Max(a.Threads, b.Threads),
        Math.Max(a.Units, b.Units),
        Math.Max(a.History, b.History),
        Math.Max(a.Holders, b.Holders));
}
