namespace Observatory.Collector;

/// <summary>What beside an account a kernel source can tell. The rest is not shown: not even as zero.</summary>
internal static class MeasuredDetails
{
    /// <summary>Context switches and page faults of the driving thread.</summary>
    public static bool HasCounts(string kernelTier, bool hasCounters) =>
        HasPool(kernelTier) || (kernelTier == Tiers.ProcFs && hasCounters);

    /// <summary>Migrations: where a ring belongs to a thread, the CPUs it comes by are not told.</summary>
    public static bool HasMigrations(string kernelTier) => kernelTier == Tiers.Kernel;

    /// <summary>What blocked time waited for: only wake-ups tell.</summary>
    public static bool HasBlockedFor(string kernelTier) => kernelTier == Tiers.Kernel;

    /// <summary>What the other threads of the process did.</summary>
    public static bool HasPool(string kernelTier) => kernelTier is Tiers.Kernel or Tiers.Thread;

    /// <summary>Time of the process's threads in a state; no thread but the driving one tells counters of its own.</summary>
    public static bool HasPool(string kernelTier, string runtimeTier, Timeline.AccountState state) =>
        HasPool(kernelTier) && MeasuredStates.Has(kernelTier, hasCounters: false, runtimeTier, state);
}
