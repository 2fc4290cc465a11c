using MathNet.Numerics.Distributions;

namespace Observatory.Study;

/// <summary>One configuration in two runs.</summary>
/// <param name="Before">In the first run.</param>
/// <param name="After">In the second run.</param>
/// <param name="Ratio">Of the medians, second over first; null when there are too few samples.</param>
/// <param name="Probability">Of such a ratio where there is no difference, Holm-corrected; null as the ratio is.</param>
internal sealed record ConfigurationChange(
    ConfigurationFindings Before, ConfigurationFindings After, MedianRatio? Ratio, double? Probability)
{
    public Change Change => (Ratio, Probability) switch
    {
        (null, _) or (_, null) => Change.CannotBeTold,
        (_, >= Significance.Level) => Change.NoDifference,
        ({ Ratio: > 1 }, _) => Change.Slower,
        _ => Change.Faster,
    };

    /// <summary>All configurations that both runs have, corrected for how many there are.</summary>
    public static IReadOnlyList<ConfigurationChange> Between(
        IReadOnlyList<ConfigurationFindings> before, IReadOnlyList<ConfigurationFindings> after)
    {
        var pairs = before
            .Join(after, first => first.Key, second => second.Key, (first, second) => (First: first, Second: second))
            .Select(pair => (pair.First, pair.Second, Ratio: MedianRatio.Between(pair.First.Series, pair.Second.Series)))
            .ToArray();
        double[] adjusted = HolmCorrection.Adjust([.. pairs.Select(pair => pair.Ratio?.Probability).OfType<double>()]);
        int next = 0;
        return
        [
            .. pairs.Select(pair => new ConfigurationChange(
                pair.First, pair.Second, pair.Ratio, pair.Ratio is null ? null : adjusted[next++])),
        ];
    }
}

/// <summary>What the second run says about a configuration of the first.</summary>
internal enum Change
{
    CannotBeTold,
    NoDifference,
    Faster,
    Slower,
}

/// <summary>Changes in words.</summary>
internal static class ChangeText
{
    public static string Text(this Change change) => change switch
    {
        Change.NoDifference => "no difference",
        Change.Faster => "faster",
        Change.Slower => "slower",
        _ => "cannot be told",
    };
}

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

    public static OverallRatio? From(IEnumerable<ConfigurationChange> changes)
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
