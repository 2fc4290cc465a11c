namespace Observatory.Study;

/// <summary>
/// The most that a computation can reach: Williams, Waterman and Patterson, Roofline: An Insightful Visual Performance
/// Model for Multicore Architectures (CACM 2009).
/// </summary>
/// <param name="Peak">Floating point operations per second.</param>
/// <param name="Bandwidth">Bytes per second.</param>
internal readonly record struct Roofline(double Peak, double Bandwidth)
{
    /// <summary>Operations per byte from which on the arithmetic is the limit.</summary>
    public double Ridge => Peak / Bandwidth;

    /// <summary>Operations per second that are possible at so many operations per byte.</summary>
    public double At(double intensity) => Math.Min(Peak, intensity * Bandwidth);

    /// <summary>
    /// Null when a limit was not measured. Of several peaks the highest one: it was reached. A machine that was busy while
    /// its limits were measured may have done better later.
    /// </summary>
    /// <param name="limits">As measured before the run.</param>
    /// <param name="reached">Operations per second of the configurations, at their medians.</param>
    public static Roofline? From(MachineLimits? limits, IEnumerable<double> reached)
    {
        double? peak = Higher(limits?.GemmFlopsPerSecond, limits?.FmaFlopsPerSecond);
        return peak is { } flops && limits?.BandwidthBytesPerSecond is { } bandwidth
            ? new Roofline(reached.Append(flops).Max(), bandwidth)
            : null;
    }

    private static double? Higher(double? one, double? other) => one is null || other > one ? other : one;
}

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
    public static int? Holding(long bytes, long? l1d, long? l2, long? l3, int threads)
    {
        if (bytes <= l1d * threads) return 1;
        if (bytes <= l2 * threads) return 2;
        if (bytes <= l3) return 3;
        return (l3 ?? l2 ?? l1d) is null ? null : Memory;
    }

    internal static int? Holding(long? bytes, MachineFingerprint machine, int threads) => bytes is { } known
        ? Holding(known, machine.L1dBytes, machine.L2Bytes, machine.L3Bytes, threads)
        : null;
}
