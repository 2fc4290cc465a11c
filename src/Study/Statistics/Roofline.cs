using Observatory.Study.Results;

namespace Observatory.Study.Statistics;

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

    /// <summary>Null when a limit was not measured. Of two peaks the higher one: it was reached.</summary>
    public static Roofline? Of(MachineLimits? limits)
    {
        double? peak = limits?.GemmFlopsPerSecond is { } gemm && limits.FmaFlopsPerSecond is { } fma
            ? Math.Max(gemm, fma)
            : limits?.GemmFlopsPerSecond ?? limits?.FmaFlopsPerSecond;
        return peak is { } flops && limits?.BandwidthBytesPerSecond is { } bandwidth
            ? new Roofline(flops, bandwidth)
            : null;
    }
}
