namespace Observatory.Kernel;

/// <summary>How much of the scheduler can be seen; each tier includes those before it.</summary>
public enum KernelTier
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Totals per thread, from /proc.</summary>
    ProcFs,

    /// <summary>The switches of threads of the own uid.</summary>
    Thread,

    /// <summary>Every switch and every waking on every CPU.</summary>
    Kernel,
}
