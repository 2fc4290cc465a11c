namespace Observatory.Study;

/// <summary>What came between a sample and the computation alone. In JSON: the number.</summary>
[Flags]
public enum Disturbances
{
    /// <summary>Nothing of what was watched for.</summary>
    None = 0,

    /// <summary>A garbage collection fell into it.</summary>
    Gc = 1,

    /// <summary>Another thread had its CPU for a while.</summary>
    Preempted = 2,

    /// <summary>The CPU quota of a cgroup ran out.</summary>
    Throttled = 4,

    /// <summary>Somebody watched the run but did not see this sample.</summary>
    Unknown = 8,
}
