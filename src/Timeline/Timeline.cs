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

    /// <summary>Adds switches, wake-ups and hand-overs that are packed, no places of something else.</summary>
    /// <param name="ofOneRing">All of the same ring, in its order.</param>
    public void Add(ReadOnlySpan<PackedEvent> ofOneRing) => _buffer.Add(ofOneRing);

    /// <summary>
    /// Events of a scope are missing up to an instant: of one ring since its last record, of all scheduler events or the
    /// runtime since everything was last complete, because they are read from more than one buffer.
    /// </summary>
    /// <param name="scope">What is missing.</param>
    /// <param name="until">From here on it is complete again.</param>
    /// <param name="why">Why; where nothing is said, because a loss was counted.</param>
    public void AddLoss(LossScope scope, Timestamp until, IncompleteReasons why = IncompleteReasons.None) =>
        _buffer.AddLoss(scope, until, why != IncompleteReasons.None ? why : Counted(scope));

    /// <summary>
    /// The scheduler is not observed from an instant on, on purpose: accounts are incomplete because of it (<see cref="IncompleteReasons.Paused"/>),
    /// and nothing is lost.
    /// </summary>
    public void Pause(Timestamp at) => _buffer.Pause(at);

    /// <summary>The scheduler is observed again from an instant on.</summary>
    public void Resume(Timestamp at) => _buffer.Resume(at);

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

/// <summary>
/// Receives what the timeline finds out besides accounts, in the order of time, on the thread that feeds the timeline; must not
/// block. Each implementation has only the methods that it is interested in.
/// </summary>
public interface IFindings
{
    /// <summary>
    /// Threads of the target got a CPU after they had waited for one (preempted or woken). Told in batches, in the order in
    /// which the waits ended: those inside a unit before its account, all by the end of <see cref="Timeline.Advance"/>.
    /// </summary>
    /// <param name="waits">How long each waited. Valid until the call returns.</param>
    void RunQueueWaited(ReadOnlySpan<Duration> waits)
    {
    }

    /// <summary>
    /// Other threads, of any process, held the CPU while a thread of the target waited for it. Told like the waits, one for each
    /// stretch; the stretches of a wait add up to it.
    /// </summary>
    /// <param name="holds">The stretches. Valid until the call returns.</param>
    void PreemptedBy(ReadOnlySpan<CpuHold> holds)
    {
    }

    /// <summary>The runtime let its threads go on after it had suspended them.</summary>
    void Suspended(in Suspension suspension)
    {
    }
}

/// <summary>A time in which the runtime kept its managed threads suspended.</summary>
/// <param name="Began">When it began to suspend them.</param>
/// <param name="Reached">When all of them stood still; null where that was not told.</param>
/// <param name="Ended">When they went on.</param>
/// <param name="By">The thread that asked for it, or <see cref="TimelineEvent.UnknownThread"/>.</param>
/// <param name="Last">The thread that stood still last, or <see cref="TimelineEvent.UnknownThread"/> where the evidence is not clear.</param>
public readonly record struct Suspension(
    Timestamp Began, Timestamp? Reached, Timestamp Ended, int By = TimelineEvent.UnknownThread, int Last = TimelineEvent.UnknownThread)
{
    /// <summary>All of it.</summary>
    public Duration Time => Ended - Began;
}

/// <summary>Findings and the accounts that they are evidence for.</summary>
public interface ITimelineObserver : IFindings
{
    /// <summary>An iteration ended and its account is closed.</summary>
    void IterationClosed(in UnitAccount account)
    {
    }

    /// <summary>A unit of work of another kind ended and its account is closed.</summary>
    void UnitClosed(in UnitAccount account)
    {
    }
}

/// <summary>A stretch of time in which one thread held the CPU that a thread of the target waited for.</summary>
/// <param name="Waiter">The thread of the target.</param>
/// <param name="Holder">
/// The holder; 0 for an idle CPU, <see cref="TimelineEvent.ExitingThread"/>, or <see cref="TimelineEvent.UnknownHolder"/>
/// where it is not known.
/// </param>
/// <param name="From">When the stretch began.</param>
/// <param name="Time">How long it lasted.</param>
/// <param name="Elsewhere">
/// Where the holder is a thread of the target itself: the thread of another process that meanwhile had the other CPUs most,
/// if none of them was free; else <see cref="TimelineEvent.UnknownHolder"/>. Threads of one program share a CPU for that reason,
/// too, and not only because they are more than the CPUs.
/// </param>
public readonly record struct CpuHold(
    int Waiter, int Holder, Timestamp From, Duration Time, int Elsewhere = TimelineEvent.UnknownHolder);

/// <summary>
/// Waits and holders on their way to the observer: some thousand a second, told in batches. Never later
/// than the account that has them in it.
/// </summary>
internal sealed class Findings(ITimelineObserver observer)
{
    private const int Most = 256;

    private readonly Duration[] _waits = new Duration[Most];
    private readonly CpuHold[] _holds = new CpuHold[Most];
    private int _waitsFound;
    private int _holdsFound;

    public void Add(Duration wait)
    {
        if (_waitsFound == Most) Tell();
        _waits[_waitsFound++] = wait;
    }

    public void Add(in CpuHold hold)
    {
        if (_holdsFound == Most) Tell();
        _holds[_holdsFound++] = hold;
    }

    /// <summary>Tells what was found since the last call.</summary>
    public void Tell()
    {
        (int waits, int holds) = (_waitsFound, _holdsFound);
        (_waitsFound, _holdsFound) = (0, 0);
        if (waits > 0) observer.RunQueueWaited(_waits.AsSpan(0, waits));
        if (holds > 0) observer.PreemptedBy(_holds.AsSpan(0, holds));
    }
}
