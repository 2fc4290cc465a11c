using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Which states of an account the sources' tiers can tell. The others are not shown: not even as zero.</summary>
internal static class MeasuredStates
{
    /// <summary>True when time in a state is seen as such by these sources.</summary>
    public static bool Has(SourceStatus kernel, SourceStatus runtime, AccountState state) =>
        Has(kernel.Tier, kernel.HasCounters, runtime.Tier, state);

    /// <summary>True when time in a state is seen as such at these tiers.</summary>
    /// <param name="kernelTier">One of <see cref="Tiers"/>.</param>
    /// <param name="hasCounters">Whether the driving thread tells its own counters.</param>
    /// <param name="runtimeTier">One of <see cref="Tiers"/>.</param>
    /// <param name="state">The state.</param>
    public static bool Has(string kernelTier, bool hasCounters, string runtimeTier, AccountState state) => state switch
    {
        AccountState.Gc => runtimeTier != Tiers.Contract,
        AccountState.Unknown => true,
        AccountState.Waking => kernelTier == Tiers.Kernel || (kernelTier == Tiers.Thread && hasCounters),
        _ => kernelTier is Tiers.Kernel or Tiers.Thread || (kernelTier == Tiers.ProcFs && hasCounters),
    };
}
