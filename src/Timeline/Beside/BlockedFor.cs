namespace Observatory.Timeline;

/// <summary>What went on while the driving thread was blocked: what its waker did in that time, or who else woke it.</summary>
public enum BlockedFor
{
    /// <summary>A thread of the same process, the later waker, ran.</summary>
    Running,

    /// <summary>The later waker had lost its CPU and wanted it back.</summary>
    Preempted,

    /// <summary>The later waker had been woken itself and waited for a CPU.</summary>
    Waking,

    /// <summary>The later waker slept: whom it waited for is not followed any further.</summary>
    Sleeping,

    /// <summary>A thread of another process was the waker; what it did is not followed.</summary>
    OtherProcess,

    /// <summary>An interrupt was the waker: a timer that ran out, or a device.</summary>
    Interrupt,

    /// <summary>The waker, or what it did, is not known.</summary>
    Unexplained,
}
