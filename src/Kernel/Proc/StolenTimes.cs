namespace Observatory.Kernel;

/// <summary>Stolen time since boot, in nanoseconds.</summary>
/// <param name="Total">Of all CPUs together.</param>
/// <param name="ByCpu">By the CPU's number; online ones only.</param>
public readonly record struct StolenTimes(long Total, IReadOnlyDictionary<int, long> ByCpu);
