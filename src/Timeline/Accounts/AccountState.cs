namespace Observatory.Timeline;

/// <summary>The states an iteration's wall time is split into. They do not overlap and leave nothing out.</summary>
public enum AccountState
{
    /// <summary>Inside a suspension of the runtime, whatever the thread did in it. Takes precedence.</summary>
    Gc,

    /// <summary>On a CPU.</summary>
    Running,

    /// <summary>Wanted the CPU, lost it.</summary>
    Preempted,

    /// <summary>Was woken, waits for a CPU.</summary>
    Waking,

    /// <summary>Gave the CPU up, not yet woken.</summary>
    Blocked,

    /// <summary>Inside a loss: nobody knows.</summary>
    Unknown,
}
