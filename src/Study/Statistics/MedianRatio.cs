using MathNet.Numerics.Distributions;

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
    public static MedianRatio? Between(SampleSeries first, SampleSeries second) =>
        first.HasKnownError && second.HasKnownError ? BetweenRuns(first, second) : null;

    /// <summary>
    /// The same of two runs. That a run steps between two speeds refuses none here: a ratio that the step does not explain is one.
    /// </summary>
    public static MedianRatio? BetweenRuns(SampleSeries first, SampleSeries second)
    {
        if (LogError.OfMedian(first) is not { } a || LogError.OfMedian(second) is not { } b) return null;
        LogError error = a.Plus(b);
        return new MedianRatio(second.Median / first.Median, error.Variance, error.Freedom);
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
}

/// <summary>How well a logarithm is known.</summary>
/// <param name="Variance">Its variance.</param>
/// <param name="Freedom">Degrees of freedom of that.</param>
internal readonly record struct LogError(double Variance, double Freedom)
{
    /// <summary>Of a sum or difference of two that are independent; the degrees of freedom of Welch and Satterthwaite.</summary>
    public LogError Plus(LogError other)
    {
        double variance = Variance + other.Variance;
        return new LogError(variance, variance * variance
            / ((Variance * Variance / Freedom) + (other.Variance * other.Variance / other.Freedom)));
    }

    /// <summary>
    /// The same where two speeds last: the median is then that of one of them, so that it is known to the step between the two and no
    /// better. Too little for a comparison, enough where what is asked about is larger than the step. Null with too few visits.
    /// </summary>
    public static LogError? OfMedianOrStep(SampleSeries series)
    {
        if (series.Step is not { } step) return OfMedian(series);
        if (!series.HasVisits) return null;
        // 1.96 of it reach from one speed to the other.
        double half = Math.Log(step) / 2;
        return new LogError(half * half, series.Visits.Count - 1);
    }

    /// <summary>
    /// Variance of the logarithm of a median: two order statistics around it, over the width that they would have in
    /// units of the standard error; that of the visits' medians where the effective sample size is too small for those. Null with
    /// too few visits, or two speeds that last.
    /// </summary>
    public static LogError? OfMedian(SampleSeries series)
    {
        if (!series.HasErrorOfItsOwn) return null;
        double resolution = series.Resolution / series.Median;
        if (series.IntervalCount < MedianInterval.LeastSamples)
        {
            LogError visits = series.ErrorOfVisits;
            return visits with { Variance = visits.Variance + (resolution * resolution / 12) };
        }

        int worth = (int)series.EffectiveCount;
        int rank = Math.Max(1, (int)Math.Round(((worth + 1) / 2.0) - Math.Sqrt(worth)));
        double errors = -Normal.InvCDF(0, 1, MedianInterval.Error(worth, rank) / 2);
        int low = Math.Max(1, (int)((double)rank * (series.Count + 1) / (worth + 1)));
        double below = Math.Log(series.Median / series.Sorted[low - 1]), above = Math.Log(series.Sorted[series.Count - low] / series.Median);
        // Between two speeds the median moves further to one side than to the other, and the further one counts.
        double width = (series.Modes is not { HasMedianBetween: true } ? (below + above) / 2 : Math.Max(below, above)) / errors;
        return new LogError((width * width) + (resolution * resolution / 12), series.Freedom);
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
