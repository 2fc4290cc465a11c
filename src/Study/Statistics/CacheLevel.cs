namespace Observatory.Study;

/// <summary>The nearest memory that a working set fits into.</summary>
public static class CacheLevel
{
    /// <summary>Main memory, after three levels of cache.</summary>
    public const int Memory = 4;

    /// <summary>1 to 3, or <see cref="Memory"/>; null when no size is known that could decide it.</summary>
    /// <param name="bytes">The working set.</param>
    /// <param name="l1d">Data cache of level 1 of one core, in bytes; null: not known.</param>
    /// <param name="l2">Cache of level 2 of one core.</param>
    /// <param name="l3">The cache that cores share.</param>
    /// <param name="threads">The first two levels are there once for each of them, and each has its part of the set.</param>
    public static int? Of(long bytes, long? l1d, long? l2, long? l3, int threads)
    {
        if (bytes <= l1d * threads) return 1;
        if (bytes <= l2 * threads) return 2;
        if (bytes <= l3) return 3;
        return (l3 ?? l2 ?? l1d) is null ? null : Memory;
    }

    internal static int? Of(long? bytes, MachineFingerprint machine, int threads) => bytes is { } known
        ? Of(known, machine.L1dBytes, machine.L2Bytes, machine.L3Bytes, threads)
        : null;
}
