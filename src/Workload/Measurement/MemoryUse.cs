namespace Observatory.Workload;

/// <summary>Resident memory of the process over a stretch of work, in bytes.</summary>
/// <param name="Baseline">Just before it.</param>
/// <param name="Peak">The most there was during it.</param>
internal readonly record struct MemoryUse(long Baseline, long Peak)
{
    /// <summary>What the work added.</summary>
    public long Added => Peak - Baseline;

    /// <summary>
    /// The one in the middle by what was added, the smaller one of two; null when there is none. A first visit also adds
    /// what the library keeps for ever, and now and then the heap of the runtime grows.
    /// </summary>
    public static MemoryUse? Median(IEnumerable<MemoryUse> uses)
    {
        MemoryUse[] sorted = [.. uses.OrderBy(use => use.Added)];
        return sorted.Length > 0 ? sorted[(sorted.Length - 1) / 2] : null;
    }
}
