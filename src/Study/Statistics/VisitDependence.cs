namespace Observatory.Study;

/// <summary>
/// How much the visits of a run resemble the ones before them. A configuration has too few visits to show it, a run has
/// configurations enough: autocorrelations of the ranks of visits' medians, over all configurations together.
/// </summary>
/// <remarks>
/// It counts only where it is clear: the score of the first lag is robust against what all configurations of a pass share, for
/// it takes a pass as one look (Cameron, Gelbach and Miller, Bootstrap-Based Improvements for Inference with Clustered Errors,
/// 2008). Each autocorrelation is corrected for what centering takes from it, which is much in series so short.
/// </remarks>
public sealed class VisitDependence
{
    /// <summary>Visits that know nothing of each other.</summary>
    public static readonly VisitDependence None = new([]);

    /// <summary>One-sided 5 %.</summary>
    private const double Clear = 1.645;

    /// <summary>Fewer have no lag to speak of.</summary>
    private const int LeastVisits = 4;

    private const int Rounds = 50;
    private readonly double[] _correlations;

    private VisitDependence(double[] correlations) => _correlations = correlations;

    /// <summary>Later visits are more like earlier ones than chance makes them.</summary>
    public bool IsClear => _correlations.Length > 0;

    /// <summary>
    /// How many times as large the variance of a mean over so many visits is as that of independent ones; between 1 and half the
    /// number of visits.
    /// </summary>
    public double Inflation(int visits) => Math.Clamp(
        1 + (2 * _correlations.Take(Math.Max(0, visits - 1)).Select((value, index) => value * (1 - ((index + 1.0) / visits))).Sum()),
        1,
        Math.Max(1, visits / 2.0));

    /// <summary>Worth fewer, so many visits know next to nothing about how far the mean of others would be.</summary>
    public const double LeastWorth = 3;

    /// <summary>As many independent visits would know a mean as well.</summary>
    public double Worth(int visits) => visits / Inflation(visits);

    /// <summary>
    /// By how much the variance is larger than what the spread of the visits shows: what they share is missing from that, too.
    /// </summary>
    public double Effect(int visits) => visits < 2 ? 1 : Inflation(visits) * (1 - (1.0 / visits)) / (1 - (Inflation(visits) / visits));

    /// <summary>Degrees of freedom that are left of so many visits.</summary>
    public double Freedom(int visits) => Math.Max(1, Worth(visits) - 1);

    /// <summary>Of a run.</summary>
    /// <param name="run">For each configuration the medians of its visits, in their order.</param>
    public static VisitDependence Of(IEnumerable<IReadOnlyList<double>> run)
    {
        double[][] series = [.. run.Where(one => one.Count >= LeastVisits).Select(Standardize).Where(one => one.Length > 0)];
        if (series.Length == 0) return None;
        double visits = series.Average(one => one.Length);
        if (Score(series) < Clear) return None;
        // Mean products of standardized ranks up to half of the visits: later lags have too few pairs.
        double[] products =
        [
            .. Enumerable.Range(1, Math.Max(1, (int)(visits / 2))).Select(lag =>
                series.Sum(one => Products(one, lag).Sum()) / series.Sum(one => Math.Max(0, one.Length - lag))),
        ];
        var found = None;
        for (int round = 0; round < Rounds; round++) found = Correct(products, visits, found.Inflation((int)visits));
        return found;
    }

    /// <summary>
    /// Autocorrelations up to the first that is not positive any more. Centering takes the variance of the mean from each product
    /// and from the variance that they are divided by; how large that is depends on the autocorrelations, hence the rounds.
    /// </summary>
    private static VisitDependence Correct(double[] products, double visits, double inflation)
    {
        double missing = inflation / visits, scale = visits / (visits - 1) * (1 - missing);
        return new VisitDependence(
            [.. products.Select(product => Math.Min((scale * product) + missing, 0.95)).TakeWhile(value => value > 0)]);
    }

    /// <summary>Of the first lag, in standard errors where visits know nothing of each other.</summary>
    private static double Score(double[][] series)
    {
        int passes = series.Max(one => one.Length) - 1;
        double sum = 0, squares = 0;
        for (int pass = 0; pass < passes; pass++)
        {
            double product = series.Where(one => one.Length > pass + 1).Sum(one => (one[pass] * one[pass + 1]) + (1.0 / one.Length));
            sum += product;
            squares += product * product;
        }

        return squares > 0 ? sum / Math.Sqrt(squares) : 0;
    }

    private static IEnumerable<double> Products(double[] one, int lag) => Enumerable.Range(0, Math.Max(0, one.Length - lag)).Select(i => one[i] * one[i + lag]);

    /// <summary>Ranks less their mean over their standard deviation; empty where all are equal.</summary>
    private static double[] Standardize(IReadOnlyList<double> medians)
    {
        double[] ranks = Ranks.Assign(medians);
        double mean = ranks.Average();
        double deviation = Math.Sqrt(ranks.Sum(rank => (rank - mean) * (rank - mean)) / (ranks.Length - 1));
        return deviation > 0 ? [.. ranks.Select(rank => (rank - mean) / deviation)] : [];
    }
}

/// <summary>What the configurations of a run show together and none of them alone.</summary>
/// <param name="Visits">How visits resemble the ones before them.</param>
/// <param name="Step">
/// Slower over faster speed where the machine stepped between two that last: a configuration that shows one of them was measured
/// at it by luck. Null where it did not.
/// </param>
internal sealed record RunState(VisitDependence Visits, double? Step)
{
    public static readonly RunState Alone = new(VisitDependence.None, Step: null);

    /// <summary>The series again, each knowing what the run shows.</summary>
    public static IReadOnlyList<SampleSeries> Join(IReadOnlyList<SampleSeries> run)
    {
        SampleSeries[] measured = [.. run.Where(series => series.Count > 0)];
        // Those that step are told by their steps, and would drown the others.
        var visits = VisitDependence.Of(measured.Where(series => !series.IsOfLastingModes).Select(series => series.VisitMedians.ToArray()));
        var state = new RunState(visits, SpeedSteps.Find(measured));
        return [.. run.Select(series => series.In(state))];
    }
}
