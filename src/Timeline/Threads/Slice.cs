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
    /// <summary>True when the thread came to another CPU than it was known to be on before.</summary>
    public bool HasMigrated => Next == ThreadState.Running && Cpu >= 0 && LastCpu >= 0 && LastCpu != Cpu;
}
