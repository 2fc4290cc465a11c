namespace Observatory.Timeline;

/// <summary>
/// Events of all sources in, accounts out. Not thread-safe: one thread feeds it and receives what it finds out.
/// </summary>
/// <remarks>
/// The path of an event: <see cref="Add"/> puts it in the lane of its stream, <see cref="Advance"/> moves it out when
/// every stream is complete up to its time, <see cref="Attribution"/> applies it.
/// </remarks>
public sealed class Timeline
{
    private readonly StreamOrder _order;
    private readonly Attribution _attribution;

    /// <param name="process">Process id of the target: threads of others only matter as holders of a CPU.</param>
    /// <param name="observer">Receives the results.</param>
    /// <param name="limits">Bounds on waiting for a stream that stands still.</param>
    public Timeline(int process, ITimelineObserver observer, TimelineLimits? limits = null)
    {
        _attribution = new Attribution(process, observer, Counters);
        _order = new StreamOrder(limits ?? new TimelineLimits(), Counters, _attribution.Apply);
    }

    /// <summary>What was counted so far.</summary>
    public TimelineCounters Counters { get; } = new();

    /// <summary>Events held back because a stream is not complete up to their time.</summary>
    public int Held => _order.Held;

    /// <summary>
    /// What all threads of the process did since the first stream joined, as far as it has been applied. A wait that is
    /// not over may still turn out to be another state, so the time of a single state may shrink a little; their sum
    /// does not.
    /// </summary>
    public PoolAccount ProcessTimes => _attribution.ProcessTimes;

    /// <summary>A stream begins to deliver: before, everything it would have told is unknown.</summary>
    public void Join(StreamKind stream, Timestamp from) => _order.Join(stream, from);

    /// <summary>A stream stops: from here on, everything it would have told is unknown.</summary>
    public void Leave(StreamKind stream, Timestamp at) => _order.Leave(stream, at);

    /// <summary>Adds an event. Events of one CPU, and those of the runtime, must come in their own order.</summary>
    public void Add(in TimelineEvent added) => _order.Add(added);

    /// <summary>
    /// Events of a scope are missing up to an instant: of one ring since its last record, of all scheduler events or the
    /// runtime since everything was last complete, because they are read from more than one buffer.
    /// </summary>
    /// <param name="scope">What is missing.</param>
    /// <param name="until">From here on it is complete again.</param>
    /// <param name="why">Why; where nothing is said, because somebody counted a loss.</param>
    public void AddLoss(LossScope scope, Timestamp until, IncompleteReasons why = IncompleteReasons.None) =>
        _order.AddLoss(scope, until, why != IncompleteReasons.None ? why : Counted(scope));

    /// <summary>A stream has delivered everything up to an instant.</summary>
    /// <remarks>
    /// A ring that was found full may have lost what came after its last record: claim no more than that record's time
    /// until the loss is told, or accounts close as complete before the timeline can know better.
    /// </remarks>
    public void Advance(StreamKind stream, Timestamp completeTo) => _order.Advance(stream, completeTo);

    /// <summary>Threads of the target that are known and have not exited.</summary>
    internal int Threads => _attribution.Threads;

    /// <summary>How many things are held.</summary>
    internal TimelineFootprint Footprint => _attribution.Footprint with
    {
        Events = _order.Held, Lanes = _order.Lanes, Chains = _order.Chains,
    };

    private static IncompleteReasons Counted(LossScope scope) =>
        scope.IsRuntime ? IncompleteReasons.EventsDropped : IncompleteReasons.RecordsLost;

    /// <summary>
    /// Applies everything that is still held, and counts what is open as missing its end. For the end of the recording.
    /// </summary>
    public void Flush()
    {
        _order.Flush();
        _attribution.Finish();
    }
}
