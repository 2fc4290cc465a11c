namespace Observatory.Workload.Machine;

/// <summary>The nearest memory that a working set fits into.</summary>
internal static class CacheLevel
{
    /// <summary>Main memory, after three levels of cache.</summary>
    public const int Memory = 4;

    /// <summary>1 to 3, or <see cref="Memory"/>; null when no size is known that could decide it.</summary>
    /// <param name="bytes">The working set.</param>
    /// <param name="caches">Sizes of one core's caches, and of the one that cores share.</param>
    /// <param name="threads">The first two levels are there once for each of them, and each has its part of the set.</param>
    public static int? Of(long bytes, CpuCaches caches, int threads)
    {
        if (bytes <= caches.L1d * threads) return 1;
        if (bytes <= caches.L2 * threads) return 2;
        if (bytes <= caches.L3) return 3;
        return (caches.L3 ?? caches.L2 ?? caches.L1d) is null ? null : Memory;
    }
}
