using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Observatory.Study;

/// <summary>
/// Ratio of two medians with its interval and the probability of such a ratio when there is none, after Price and
/// Bonett, Distribution-Free Confidence Intervals for Difference and Ratio of Medians (Journal of Statistical
/// Computation and Simulation 2002). No distribution is assumed, and the two need not have the same spread.
/// </summary>
/// <param name="Ratio">Median of the second over that of the first.</param>
/// <param name="LogVariance">Variance of its logarithm.</param>
/// <param name="Freedom">Degrees of freedom of that variance.</param>
internal readonly record struct MedianRatio(double Ratio, double LogVariance, double Freedom)
{
    /// <summary>
    /// Null when one of them has fewer than <see cref="SampleSeries.LeastVisits"/> visits, or two speeds that last.
    /// </summary>
    public static MedianRatio? Between(SampleSeries first, SampleSeries second)
    {
        if (LogMedianVariance(first) is not { } a || LogMedianVariance(second) is not { } b) return null;
        double variance = a.Variance + b.Variance;
        double freedom = variance * variance
            / ((a.Variance * a.Variance / a.Freedom) + (b.Variance * b.Variance / b.Freedom));
        return new MedianRatio(second.Median / first.Median, variance, freedom);
    }

    /// <summary>Two-sided; Student's t with the degrees of freedom of Welch and Satterthwaite.</summary>
    public double Probability =>
        2 * StudentT.CDF(0, 1, Freedom, -Math.Abs(Math.Log(Ratio)) / Math.Sqrt(LogVariance));

    /// <param name="confidence">For example 0.99.</param>
    public Interval At(double confidence)
    {
        double half = StudentT.InvCDF(0, 1, Freedom, (1 + confidence) / 2) * Math.Sqrt(LogVariance);
        return new Interval(Ratio * Math.Exp(-half), Ratio * Math.Exp(half));
    }

    /// <summary>
    /// Variance of the logarithm of a median: two order statistics around it, over the width that they would have in
    /// units of the standard error; that of the visits' medians where the effective sample size is too small for those.
    /// </summary>
    private static (double Variance, double Freedom)? LogMedianVariance(SampleSeries series)
    {
        if (!series.HasKnownError) return null;
        double resolution = series.Resolution / series.Median;
        if (series.IntervalCount < MedianInterval.LeastSamples)
        {
            double[] visits = [.. series.VisitMedians.Select(median => Math.Log(median))];
            return ((visits.Variance() / visits.Length) + (resolution * resolution / 12), visits.Length - 1);
        }

        int worth = (int)series.EffectiveCount;
        int rank = Math.Max(1, (int)Math.Round(((worth + 1) / 2.0) - Math.Sqrt(worth)));
        double errors = -Normal.InvCDF(0, 1, MedianInterval.Error(worth, rank) / 2);
        int low = Math.Max(1, (int)((double)rank * (series.Count + 1) / (worth + 1)));
        double below = Math.Log(series.Median / series.Sorted[low - 1]), above = Math.Log(series.Sorted[series.Count - low] / series.Median);
        // Between two speeds the median moves further to one side than to the other, and the further one counts.
        double width = (series.Modes is not { HasMedianBetween: true } ? (below + above) / 2 : Math.Max(below, above)) / errors;
        return ((width * width) + (resolution * resolution / 12), series.Freedom);
    }
}

/// <summary>
/// Holm, A Simple Sequentially Rejective Multiple Test Procedure (Scandinavian Journal of Statistics 1979): whatever
/// the dependence between tests, the probability of even one false finding stays below the level.
/// </summary>
internal static class HolmCorrection
{
    /// <summary>Adjusted p values in the order given: each may be compared with the level directly.</summary>
    public static double[] Adjust(IReadOnlyList<double> values)
    {
        double[] adjusted = new double[values.Count];
        double most = 0;
        int left = values.Count;
        foreach ((double value, int index) in values.Select((value, index) => (value, index)).OrderBy(pair => pair.value))
        {
            most = Math.Max(most, Math.Min(1, left-- * value));
            adjusted[index] = most;
        }

        return adjusted;
    }
}

/// <summary>When a difference counts as one.</summary>
internal static class Significance
{
    /// <summary>
    /// Probability of a false finding in a whole family of tests: 1 %, so that of 100 comparisons of the same thing with
    /// itself at most a few find something.
    /// </summary>
    public const double Level = 0.01;
}
