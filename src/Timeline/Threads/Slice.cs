namespace Observatory.Timeline;

/// <summary>A stretch of time in which a thread was in one state, told when it ended.</summary>
/// <param name="Thread">The thread, already in the state that follows.</param>
/// <param name="State">What it really was.</param>
/// <param name="Next">What the thread does from now on, as far as it seems.</param>
/// <param name="From">First instant.</param>
/// <param name="To">Last instant.</param>
/// <param name="CountedFrom">The counted time (see <see cref="AccountClock"/>) at the first instant.</param>
/// <param name="CountedTo">The counted time at the last instant.</param>
/// <param name="Cpu">CPU of the event that ended it; -1 where no event of a CPU did.</param>
/// <param name="Waker">The thread that ended it by a wake-up, <see cref="TimelineEvent.Interrupt"/> or <see cref="TimelineEvent.UnknownThread"/>.</param>
/// <param name="LastCpu">CPU it was on before; -1 where that is not known.</param>
/// <param name="Reasons">Why the state is unknown, or where it is flawed, what is missing.</param>
/// <param name="IsFlawed">True when it ended because events are missing.</param>
internal readonly record struct Slice(
    ThreadTrack Thread,
    ThreadState State,
    ThreadState Next,
    Timestamp From,
    Timestamp To,
    Duration CountedFrom,
    Duration CountedTo,
    int Cpu,
    int Waker,
    int LastCpu,
    IncompleteReasons Reasons,
    bool IsFlawed)
{
    /// <summary>True when the thread waited in it for the CPU that it has now.</summary>
    public bool IsRunQueueWait => Next == ThreadState.Running && (State is ThreadState.Preempted or ThreadState.Waking);

    /// <summary>True when the thread came to another CPU than it was known to be on before.</summary>
    public bool HasMigrated => Next == ThreadState.Running && Cpu >= 0 && LastCpu >= 0 && LastCpu != Cpu;
}

/// <summary>Follows what becomes of the threads of the target.</summary>
internal interface ISliceConsumer
{
    /// <summary>A thread is known from now on; its state is not.</summary>
    void Appeared(ThreadTrack thread)
    {
    }

    /// <summary>A state of a thread ended.</summary>
    void Closed(in Slice slice);

    /// <summary>A thread is about to have another role.</summary>
    void Becomes(ThreadTrack thread, ThreadRole role)
    {
    }

    /// <summary>A thread is gone, its last slice told.</summary>
    void Gone(ThreadTrack thread)
    {
    }
}

/// <summary>Tells several consumers, in their order.</summary>
internal sealed class SliceFan : ISliceConsumer
{
    // Every slice goes to all of them: an interface is looked up by a hash where it is called for several types in turn, a delegate is not.
    private SliceClosed[] _closed = [];

    private delegate void SliceClosed(in Slice slice);

    /// <summary>The consumers, in the order in which they are told.</summary>
    public ISliceConsumer[] Consumers
    {
        get;
        set
        {
            field = value;
            _closed = [.. value.Select(consumer => (SliceClosed)consumer.Closed)];
        }
    } = [];

    /// <inheritdoc />
    public void Appeared(ThreadTrack thread)
    {
        foreach (ISliceConsumer consumer in Consumers) consumer.Appeared(thread);
    }

    /// <inheritdoc />
    public void Closed(in Slice slice)
    {
        foreach (SliceClosed closed in _closed) closed(slice);
    }

    /// <inheritdoc />
    public void Becomes(ThreadTrack thread, ThreadRole role)
    {
        foreach (ISliceConsumer consumer in Consumers) consumer.Becomes(thread, role);
    }

    /// <inheritdoc />
    public void Gone(ThreadTrack thread)
    {
        foreach (ISliceConsumer consumer in Consumers) consumer.Gone(thread);
    }
}

/// <summary>Makes the slice that a change of a thread ended, and tells it.</summary>
internal sealed class SliceCutter(AccountClock clock, ISliceConsumer consumer)
{
    /// <summary>Where the timeline is.</summary>
    public Timestamp Now => clock.Now;

    /// <summary>A thread has just changed.</summary>
    /// <param name="track">The thread, as it is now.</param>
    /// <param name="before">What was held of it before.</param>
    /// <param name="change">What changed it.</param>
    /// <param name="was">What the time before really was.</param>
    /// <param name="reasons">Where that is unknown or flawed, what is missing besides what was missing before.</param>
    /// <param name="flawed">True when it ended because events are missing.</param>
    public void Cut(
        ThreadTrack track,
        in BeforeChange before,
        in TimelineEvent change,
        ThreadState was,
        IncompleteReasons reasons = IncompleteReasons.None,
        bool flawed = false)
    {
        track.CountedSince = clock.Counted;
        int cpu = change.IsOfRing ? change.Cpu : -1;
        IncompleteReasons why = was == ThreadState.Unknown ? reasons | before.UnknownBecause : reasons;
        consumer.Closed(new Slice(
            track, was, track.State, before.Since, clock.Now, before.CountedSince, clock.Counted,
            cpu, change.Waker, before.LastCpu, why, flawed));
    }
}

/// <summary>What was held of a thread before something changed it.</summary>
internal readonly struct BeforeChange(ThreadTrack track)
{
    public ThreadState State { get; } = track.State;
    public Timestamp Since { get; } = track.Since;
    public Duration CountedSince { get; } = track.CountedSince;
    public int LastCpu { get; } = track.LastCpu;
    public bool IsAssumedSleeping { get; } = track.IsAssumedSleeping;
    public IncompleteReasons UnknownBecause { get; } = track.UnknownBecause;
}

/// <summary>What a thread is doing, as far as the scheduler tells.</summary>
public enum ThreadState
{
    /// <summary>Events are missing, or none was seen yet.</summary>
    Unknown,

    /// <summary>On a CPU.</summary>
    Running,

    /// <summary>Lost its CPU while it still wanted it.</summary>
    Preempted,

    /// <summary>Was woken, waits for a CPU.</summary>
    Waking,

    /// <summary>Gave its CPU up and was not woken yet.</summary>
    Blocked,
}
