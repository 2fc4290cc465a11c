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
    public static double Of(IReadOnlyList<double> sorted, double share)
    {
        double position = share * (sorted.Count - 1);
        int below = (int)position;
        if (below + 1 >= sorted.Count) return sorted[^1];
        return sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below]));
    }

    /// <summary>Median distance from the median, unscaled: the spread that outliers do not move.</summary>
    /// <param name="sorted">At least one value, in ascending order.</param>
    public static double MedianAbsoluteDeviation(IReadOnlyList<double> sorted)
    {
        double median = Of(sorted, 0.5);
        return Of([.. sorted.Select(value => Math.Abs(value - median)).Order()], 0.5);
    }
}
