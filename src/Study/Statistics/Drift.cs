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
    public bool IsClear => Probability < 0.01;

    /// <summary>Null when there are too few samples to tell.</summary>
    public static Drift? Find(SampleSeries series)
    {
        int count = series.Count;
        if (count < LeastSamples) return null;
        double[] ranks = Ranks.Assign(series.Values);
        double correlation = Ranks.Correlation(ranks, [.. Enumerable.Range(0, count).Select(i => (double)i)]);
        double score = Math.Abs(correlation) * Math.Sqrt(count - 1);
        int third = count / 3;
        return new Drift(
            MedianOf(series.Values.Skip(count - third)) / MedianOf(series.Values.Take(third)),
            correlation,
            2 * Normal.CDF(0, 1, -score));
    }

    private static double MedianOf(IEnumerable<double> values) => Quantiles.At([.. values.Order()], 0.5);
}
