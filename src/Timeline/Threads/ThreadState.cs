namespace Observatory.Timeline;

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
