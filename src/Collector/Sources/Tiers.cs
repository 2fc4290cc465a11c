namespace Observatory.Collector;

/// <summary>Names of tiers, as in metrics, JSON and the header of the table.</summary>
internal static class Tiers
{
    /// <summary>The source sees nothing.</summary>
    public const string None = "none";

    /// <summary>The runtime's events through EventPipe.</summary>
    public const string EventPipe = "eventpipe";

    /// <summary>Only what the workload marks: its runtime was not asked for suspensions.</summary>
    public const string Contract = "contract";

    /// <summary>Context switches and wake-ups of every CPU.</summary>
    public const string Kernel = "kernel";

    /// <summary>Context switches of the target's threads; wake-ups are not seen.</summary>
    public const string Thread = "thread";

    /// <summary>Totals: of the kernel source, per iteration, from the driving thread's own counters; else from /proc.</summary>
    public const string ProcFs = "procfs";

    /// <summary>True for a tier of the kernel source that the driving thread's own counters add something to.</summary>
    public static bool NeedsCounters(string kernelTier) => kernelTier is Thread or ProcFs;
}
