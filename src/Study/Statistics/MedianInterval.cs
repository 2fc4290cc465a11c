using MathNet.Numerics.Distributions;

namespace Observatory.Study;

/// <summary>
/// Confidence interval of a median between two order statistics. It assumes no distribution: the number of samples
/// below the median is binomial (David and Nagaraja, Order Statistics, 7.1).
/// </summary>
public static class MedianInterval
{
    public const double Confidence = 0.95;

    /// <summary>Of 5 independent samples even the range covers the median in 93.75 % of cases only.</summary>
    public const int LeastSamples = 6;

    /// <summary>
    /// Null with too few visits, or two speeds that last. Where the effective sample size is too small for order statistics,
    /// the medians of the visits are taken as what is independent (Student's t of their logarithms): with few visits only
    /// the lucky ones would get an interval otherwise, which is then too narrow.
    /// </summary>
    internal static Interval? From(SampleSeries series) =>
        series.HasKnownError ? From(series.Sorted, series.IntervalCount) ?? FromVisits(series) : null;

    private static Interval FromVisits(SampleSeries series)
    {
        LogError error = series.ErrorOfVisits;
        double half = StudentT.InvCDF(0, 1, error.Freedom, (1 + Confidence) / 2) * Math.Sqrt(error.Variance);
        return new Interval(series.Median * Math.Exp(-half), series.Median * Math.Exp(half));
    }

    /// <summary>Null when there are fewer than <see cref="LeastSamples"/> independent samples.</summary>
    /// <remarks>
    /// Where samples are worth fewer independent ones, the ranks are those of so many samples, stretched over all.
    /// </remarks>
    /// <param name="sorted">In ascending order.</param>
    /// <param name="worth">How many independent samples they are worth, at most as many as there are.</param>
    public static Interval? From(IReadOnlyList<double> sorted, int worth)
    {
        if (worth < LeastSamples) return null;
        int low = (int)((double)LowerRank(worth, 1 - Confidence) * (sorted.Count + 1) / (worth + 1));
        low = Math.Max(1, low);
        return new Interval(sorted[low - 1], sorted[sorted.Count - low]);
    }

    /// <summary>
    /// The highest rank r, from 1, for which the r-th smallest and the r-th largest of so many samples enclose the
    /// median with an error of at most this; 0 when there is none.
    /// </summary>
    public static int LowerRank(int samples, double error)
    {
        int rank = (samples + 1) / 2;
        if (samples > 100) rank = (int)((samples / 2.0) - (Math.Sqrt(samples) / 2));
        while (rank > 0 && Error(samples, rank) > error) rank--;
        return rank;
    }

    /// <summary>Probability that the r-th smallest and the r-th largest do not enclose the median.</summary>
    public static double Error(int samples, int rank) => 2 * Binomial.CDF(0.5, samples, rank - 1);
}

/// <summary>
/// How well the median of a configuration is known while it is being measured. Samples of one visit resemble each other,
/// visits at different times much less: so it is the interval of the medians of the visits.
/// </summary>
public static class MedianPrecision
{
    /// <summary>
    /// Half the width of the interval as a share of the median. Null below <see cref="MedianInterval.LeastSamples"/>
    /// visits.
    /// </summary>
    /// <param name="durations">In any unit, in the order in which they were measured.</param>
    /// <param name="visits">How they fall into visits; they add up.</param>
    /// <param name="run">How visits of the run resemble the ones before them; null: not known.</param>
    public static double? From(IReadOnlyList<long> durations, IEnumerable<Visit> visits, VisitDependence? run = null) =>
        From(Medians(durations, visits), run);

    /// <param name="values">Above zero.</param>
    /// <param name="run">How each resembles the ones before it; null: not known.</param>
    public static double? From(IEnumerable<double> values, VisitDependence? run = null)
    {
        double[] sorted = [.. values.Order()];
        int worth = (int)(sorted.Length / (run ?? VisitDependence.None).Effect(sorted.Length));
        return MedianInterval.From(sorted, worth) is { } interval
            ? (interval.High - interval.Low) / 2 / Quantiles.At(sorted, 0.5)
            : null;
    }

    /// <summary>Medians of the visits, in the unit of the durations.</summary>
    public static IEnumerable<double> Medians(IReadOnlyList<long> durations, IEnumerable<Visit> visits)
    {
        int next = 0;
        foreach (int samples in visits.Select(visit => visit.Samples))
        {
            yield return Quantiles.At([.. durations.Skip(next).Take(samples).Select(value => (double)value).Order()], 0.5);
            next += samples;
        }
    }
}

/// <summary>A confidence interval, both ends included.</summary>
public readonly record struct Interval(double Low, double High)
{
    public bool Contains(double value) => Low <= value && value <= High;

    public Interval Times(double factor) => new(Low * factor, High * factor);
}

/// <summary>An upper confidence bound of a quantile, by one order statistic: no distribution is assumed.</summary>
internal static class UpperBound
{
    private const double Confidence = 0.95;

    /// <summary>The largest of 59 independent samples is above the 95th percentile in 95.2 % of cases, of 58 in 94.9 %.</summary>
    public const int LeastForP95 = 59;

    /// <summary>Null where the samples do not suffice.</summary>
    public static double? OfP95(SampleSeries series)
    {
        int count = series.IntervalCount;
        if (count < LeastForP95 || !series.HasKnownError) return null;
        // The r-th smallest is above the quantile unless r samples or more are below it.
        int above = 0;
        while (Binomial.CDF(0.05, count, above + 1) <= 1 - Confidence) above++;
        int stretched = (int)((double)above * series.Count / count);
        return series.Sorted[series.Count - 1 - stretched];
    }
}
