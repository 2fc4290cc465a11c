using Observatory.Study.Results;

namespace Observatory.Workload.Results;

/// <summary>
/// How well the median of a configuration is known. Samples of one visit resemble each other, visits at different times
/// much less: so it is the interval of the medians of the visits, between two order statistics, which assumes no
/// distribution (David and Nagaraja, Order Statistics, 7.1).
/// </summary>
internal static class MedianPrecision
{
    /// <summary>The interval covers the median with this probability at least.</summary>
    public const double Confidence = 0.95;

    /// <summary>
    /// Half the width of the interval as a share of the median. Null below 6 visits: the range of 5 covers the median in
    /// 93.75 % of cases only.
    /// </summary>
    public static double? Of(LatencyWindow window) => Of(Medians(window));

    /// <param name="values">Independent values above zero.</param>
    public static double? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int rank = LowerRank(sorted.Length);
        return rank == 0 ? null : (sorted[^rank] - sorted[rank - 1]) / 2 / Median(sorted);
    }

    /// <summary>
    /// The highest rank r, from 1, for which the r-th smallest and the r-th largest of n values enclose the median with
    /// the wanted confidence; 0 when there is none.
    /// </summary>
    public static int LowerRank(int count)
    {
        double below = Math.Pow(0.5, count);
        double error = 0;
        for (int rank = 0; rank < count; rank++)
        {
            error += below;
            if (2 * error > 1 - Confidence) return rank;
            below = below * (count - rank) / (rank + 1);
        }

        return 0;
    }

    private static IEnumerable<double> Medians(LatencyWindow window)
    {
        IReadOnlyList<Sample> samples = window.Samples;
        int next = 0;
        foreach (Visit visit in window.Visits)
        {
            yield return Median([.. samples.Skip(next).Take(visit.Samples).Select(s => (double)s.Nanoseconds).Order()]);
            next += visit.Samples;
        }
    }

    private static double Median(double[] sorted) =>
        (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
