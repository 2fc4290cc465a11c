namespace Observatory.Timeline;

/// <summary>Everything that can happen on the timeline. The list is closed: a source that sees more maps it to these.</summary>
public enum EventKind : byte
{
    /// <summary>A thread got a CPU.</summary>
    SwitchIn,

    /// <summary>A thread gave its CPU up voluntarily.</summary>
    SwitchOut,

    /// <summary>A thread lost its CPU while it still wanted it.</summary>
    Preempted,

    /// <summary>A thread gave its CPU up for the last time: its id may be given to another.</summary>
    Exited,

    /// <summary>A thread was woken: from now on it wants a CPU.</summary>
    Waking,

    /// <summary>A thread touched pages that were not mapped.</summary>
    PageFaults,

    /// <summary>The runtime began to suspend all managed threads.</summary>
    SuspensionBegan,

    /// <summary>All of them stood still.</summary>
    SuspensionReached,

    /// <summary>The runtime let them go on.</summary>
    SuspensionEnded,

    /// <summary>A thread began an iteration: a unit of work, and its first segment.</summary>
    IterationBegan,

    /// <summary>A thread ended an iteration, and its last segment.</summary>
    IterationEnded,

    /// <summary>A thread was there when the observer came.</summary>
    ThreadSeen,

    /// <summary>It became known what a thread is there for.</summary>
    ThreadDescribed,

    /// <summary>A thread was made: it wants its first CPU.</summary>
    ThreadBegan,

    /// <summary>A unit of work began; no thread works on it yet.</summary>
    UnitBegan,

    /// <summary>A unit of work ended.</summary>
    UnitEnded,

    /// <summary>The end of a unit of work will not be seen.</summary>
    UnitDropped,

    /// <summary>A thread began to work on a unit.</summary>
    SegmentBegan,

    /// <summary>A thread stopped working on a unit.</summary>
    SegmentEnded,

    /// <summary>What a unit waits for, while no thread works on it, is another kind of operation from here on.</summary>
    UnitAwaits,

    /// <summary>What a unit waited for has come: a thread may take it.</summary>
    UnitReady,

    /// <summary>From here on events of a scope are missing.</summary>
    LossBegan,

    /// <summary>From here on events of a scope are complete again.</summary>
    LossEnded,
}

/// <summary>What a thread of the target is there for.</summary>
public enum ThreadRole
{
    /// <summary>Not known.</summary>
    Other,

    /// <summary>Has begun an iteration.</summary>
    Driving,

    /// <summary>A native thread of the compute library.</summary>
    Worker,

    /// <summary>Runs managed code.</summary>
    Managed,

    /// <summary>One of the runtime's own.</summary>
    Runtime,
}
