using Observatory.Timeline;

namespace Observatory.Collector.Sources;

/// <summary>Which states of an account the sources' tiers can tell. The others are not shown: not even as zero.</summary>
internal static class MeasuredStates
{
    /// <summary>True when time in a state is seen as such at these tiers.</summary>
    public static bool Has(string kernelTier, string runtimeTier, AccountState state) => state switch
    {
        AccountState.Gc => runtimeTier != Tiers.Contract,
        AccountState.Unknown => true,
        AccountState.Waking => kernelTier == Tiers.Kernel,
        _ => kernelTier is Tiers.Kernel or Tiers.Thread,
    };
}
