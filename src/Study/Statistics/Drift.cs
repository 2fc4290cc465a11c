using MathNet.Numerics.Distributions;

namespace Observatory.Study;

/// <summary>A change of the samples over the run.</summary>
/// <param name="Ratio">Median of the last third over that of the first.</param>
/// <param name="Correlation">Spearman's rank correlation of samples with their order.</param>
/// <param name="Probability">Of such a correlation where the order means nothing.</param>
internal readonly record struct Drift(double Ratio, double Correlation, double Probability)
{
    private const int LeastSamples = 12;

    /// <summary>The order means something.</summary>
    public bool IsClear => Probability < Significance.Level;

    /// <summary>
    /// Null when there are too few samples to tell. Neighbours that resemble each other count for fewer: by the effective
    /// sample size of what the order does not explain.
    /// </summary>
    public static Drift? Find(SampleSeries series)
    {
        int count = series.Count;
        if (count < LeastSamples) return null;
        double[] ranks = Ranks.Assign(series.Values);
        double[] order = [.. Enumerable.Range(1, count).Select(i => (double)i)];
        double correlation = Ranks.Correlate(ranks, order);
        double center = (count + 1) / 2.0;
        double[] rest = [.. ranks.Select((rank, i) => rank - center - (correlation * (order[i] - center)))];
        Dependence dependence = Dependence.OfDeviations(rest, series.Visits);
        double freedom = Math.Max(1, (count / dependence.Effect) - 2);
        if (dependence.IsOfVisits) freedom = Math.Min(freedom, dependence.Freedom);
        double unexplained = Math.Max(1e-12, 1 - (correlation * correlation));
        double score = Math.Abs(correlation) * Math.Sqrt(freedom / unexplained);
        int third = count / 3;
        return new Drift(
            MedianOf(series.Values.Skip(count - third)) / MedianOf(series.Values.Take(third)),
            correlation,
            2 * StudentT.CDF(0, 1, freedom, -score));
    }

    private static double MedianOf(IEnumerable<double> values) => Quantiles.At([.. values.Order()], 0.5);
}
