using MathNet.Numerics.Distributions;

namespace Observatory.Study;

/// <summary>
/// Geometric mean of the ratios of all configurations. It finds what all of them share, such as a slower library, which
/// no single one may show for its own noise.
/// </summary>
/// <param name="Ratio">Second over first.</param>
/// <param name="Interval">95 %, by how much the configurations differ (Student's t of the logarithms).</param>
internal readonly record struct OverallRatio(double Ratio, Interval Interval)
{
    /// <summary>Fewer configurations say little about others.</summary>
    private const int LeastConfigurations = 3;

    public static OverallRatio? Of(IEnumerable<ConfigurationChange> changes)
    {
        double[] logs =
        [
            .. changes
                .Where(change => change.Before.Median is not null && change.After.Median is not null)
                .Select(change => Math.Log(change.After.Series.Median / change.Before.Series.Median)),
        ];
        if (logs.Length < LeastConfigurations) return null;
        double mean = logs.Average();
        double variance = logs.Sum(log => (log - mean) * (log - mean)) / (logs.Length - 1);
        double half = StudentT.InvCDF(0, 1, logs.Length - 1, 0.975) * Math.Sqrt(variance / logs.Length);
        return new OverallRatio(Math.Exp(mean), new Interval(Math.Exp(mean - half), Math.Exp(mean + half)));
    }
}
