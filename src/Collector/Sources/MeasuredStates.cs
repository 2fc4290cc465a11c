using Observatory.Timeline;

namespace Observatory.Collector.Sources;

/// <summary>Which states of an account a tier of the kernel source can tell. The others are not shown: not even as zero.</summary>
internal static class MeasuredStates
{
    /// <summary>True when time in a state is seen as such by a kernel source.</summary>
    public static bool Has(SourceStatus kernel, AccountState state) => Has(kernel.Tier, kernel.HasCounters, state);

    /// <summary>True when time in a state is seen as such at a tier.</summary>
    /// <param name="kernelTier">One of <see cref="Tiers"/>.</param>
    /// <param name="hasCounters">Whether the driving thread tells its own counters.</param>
    /// <param name="state">The state.</param>
    public static bool Has(string kernelTier, bool hasCounters, AccountState state) => state switch
    {
        AccountState.Gc or AccountState.Unknown => true,
        AccountState.Waking => kernelTier == Tiers.Kernel || (kernelTier == Tiers.Thread && hasCounters),
        _ => kernelTier is Tiers.Kernel or Tiers.Thread || (kernelTier == Tiers.ProcFs && hasCounters),
    };
}
