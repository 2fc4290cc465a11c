using Observatory.Timeline;

namespace Observatory.Collector.Sources;

/// <summary>Which states of an account a tier of the kernel source can tell. The others are not shown: not even as zero.</summary>
internal static class MeasuredStates
{
    /// <summary>True when time in a state is seen as such at a tier.</summary>
    public static bool Has(string kernelTier, AccountState state) => state switch
    {
        AccountState.Gc or AccountState.Unknown => true,
        AccountState.Waking => kernelTier == Tiers.Kernel,
        _ => kernelTier is Tiers.Kernel or Tiers.Thread,
    };
}
