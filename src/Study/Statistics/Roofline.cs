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
    public static Roofline? Of(MachineLimits? limits, IEnumerable<double> reached)
    {
        double? peak = Higher(limits?.GemmFlopsPerSecond, limits?.FmaFlopsPerSecond);
        return peak is { } flops && limits?.BandwidthBytesPerSecond is { } bandwidth
            ? new Roofline(reached.Append(flops).Max(), bandwidth)
            : null;
    }

    private static double? Higher(double? one, double? other) => one is null || other > one ? other : one;
}
