namespace Observatory.Workload;

/// <summary>Memory that can still be had.</summary>
/// <param name="Bytes">How much.</param>
/// <param name="Source">What says so.</param>
internal readonly record struct MemoryLimit(long Bytes, string Source);
