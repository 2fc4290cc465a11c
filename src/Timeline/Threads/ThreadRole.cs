namespace Observatory.Timeline;

/// <summary>What a thread of the target is there for.</summary>
public enum ThreadRole
{
    /// <summary>Nobody said.</summary>
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
