using MathNet.Numerics.Statistics;

namespace Observatory.Study;

/// <summary>Quantiles of samples.</summary>
internal static class Quantiles
{
    /// <summary>
    /// By linear interpolation between order statistics: definition 7 of Hyndman and Fan, Sample Quantiles in
    /// Statistical Packages (The American Statistician 1996), which R and NumPy use too.
    /// </summary>
    /// <param name="sorted">At least one value, in ascending order.</param>
    /// <param name="share">0 to 1.</param>
    public static double At(IReadOnlyList<double> sorted, double share) => SortedArrayStatistics.QuantileCustom(
        sorted as double[] ?? [.. sorted], share, QuantileDefinition.R7);

    /// <summary>Median distance from the median, unscaled: the spread that outliers do not move.</summary>
    /// <param name="sorted">At least one value, in ascending order.</param>
    public static double MedianAbsoluteDeviation(IReadOnlyList<double> sorted)
    {
        double median = At(sorted, 0.5);
        return At([.. sorted.Select(value => Math.Abs(value - median)).Order()], 0.5);
    }
}

/// <summary>Ranks from 1; equal values share the mean of theirs.</summary>
internal static class Ranks
{
    public static double[] Assign(IReadOnlyList<double> values) =>
        ArrayStatistics.RanksInplace([.. values], RankDefinition.Average);

    /// <summary>Pearson's correlation; 0 where one side does not vary.</summary>
    public static double Correlate(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        Correlation.Pearson(x, y) is var value && double.IsNaN(value) ? 0 : value;

    /// <summary>Rank correlation of each value with the next one: lag-1 autocorrelation that outliers do not move.</summary>
    public static double OfNeighbours(IReadOnlyList<double> values)
    {
        double[] ranks = Assign(values);
        return ranks.Length < 3 ? 0 : Correlate(ranks[..^1], ranks[1..]);
    }
}
