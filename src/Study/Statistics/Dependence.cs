using MathNet.Numerics.Distributions;

namespace Observatory.Study;

/// <summary>
/// How much more the median of a series varies than that of independent samples: the design effect of the signs of
/// <c>sample - median</c> (Sen, Asymptotic Normality of Sample Quantiles for m-Dependent Processes, 1968). Neighbours in
/// time resemble each other, for a machine stays slow for a while.
/// </summary>
/// <remarks>
/// Two estimates, and the one that gives the wider interval counts. Over time: the sum of autocorrelations up to where
/// their pairs stop being positive (Geyer, Practical Markov Chain Monte Carlo, 1992), each corrected for what centering
/// takes from it. Between visits: the variance of the visits' sums over that of independent samples, which is the cluster
/// estimate of surveys (Woodruff, Confidence Intervals for Medians, 1952), with one degree of freedom less than there are
/// visits. Never below 1 over time: luck must not make samples count for more than they are.
/// </remarks>
/// <param name="Effect">Count over effective count.</param>
/// <param name="Freedom">Degrees of freedom of the estimate.</param>
/// <param name="IsOfVisits">It is the estimate between visits.</param>
internal readonly record struct Dependence(double Effect, double Freedom, bool IsOfVisits)
{
    /// <summary>Longer lags than this cost more than they tell; what they hide shows between the visits.</summary>
    private const int LongestLag = 1000;

    public static (Dependence OverTime, Dependence? OfVisits) Estimate(
        IReadOnlyList<double> values, double median, IReadOnlyList<int> visits) =>
        Both([.. values.Select(value => (double)Math.Sign(value - median))], visits);

    /// <summary>Of a mean of such values, as what they are instead of signs: the estimate that gives the wider interval.</summary>
    public static Dependence OfDeviations(double[] values, IReadOnlyList<int> visits)
    {
        (Dependence time, Dependence? between) = Both(values, visits);
        return between is { } found && found.Reach > time.Reach ? found : time;
    }

    /// <summary>The estimate between visits, where these resemble the ones before them.</summary>
    public Dependence In(VisitDependence run, int visits) => new(Effect * run.Effect(visits), run.Freedom(visits), IsOfVisits);

    /// <summary>What the width of an interval is in proportion to.</summary>
    public double Reach =>
        Math.Sqrt(Effect) * (IsOfVisits ? StudentT.InvCDF(0, 1, Freedom, 0.975) : Normal.InvCDF(0, 1, 0.975));

    private static (Dependence OverTime, Dependence? OfVisits) Both(double[] signs, IReadOnlyList<int> visits)
    {
        int count = signs.Length;
        if (count < 3) return (new Dependence(1, Math.Max(1, count - 1), false), null);
        // Where many samples share the median's value their signs do not add up to zero, which would look like dependence.
        double mean = signs.Average();
        for (int i = 0; i < count; i++) signs[i] -= mean;
        double power = signs.Sum(sign => sign * sign);
        if (power < 1e-9) return (new Dependence(1, count - 1, false), null);
        var time = Of(Math.Max(1, OverTime(signs, power)), count, null);
        if (visits.Count < SampleSeries.LeastVisits || visits.Count == count) return (time, null);
        return (time, Of(BetweenVisits(signs, power, visits), count, visits.Count - 1));
    }

    private static Dependence Of(double effect, int count, double? freedom) =>
        new(effect, freedom ?? Math.Max(1, (count / effect) - 1), freedom is not null);

    private static double OverTime(double[] signs, double power)
    {
        double effect = 1;
        // The mean that was subtracted takes effect / count from each autocorrelation, which matters in short series.
        for (int round = 0; round < 2; round++) effect = Math.Min(SumOfPairs(signs, power, Math.Max(1, effect) / signs.Length), signs.Length);
        return effect;
    }

    private static double SumOfPairs(double[] signs, double power, double missing)
    {
        double sum = 0;
        double before = double.PositiveInfinity;
        for (int lag = 0; lag + 1 < Math.Min(signs.Length, LongestLag); lag += 2)
        {
            double first = lag == 0 ? 1 : (Products(signs, lag) / power) + missing;
            double pair = first + (Products(signs, lag + 1) / power) + missing;
            if (pair <= 2 * missing) break;
            before = Math.Min(before, pair);
            sum += before;
        }

        return (2 * sum) - 1;
    }

    private static double Products(double[] signs, int lag)
    {
        double sum = 0;
        for (int i = lag; i < signs.Length; i++) sum += signs[i] * signs[i - lag];
        return sum;
    }

    private static double BetweenVisits(double[] signs, double power, IReadOnlyList<int> visits)
    {
        double squares = 0;
        int next = 0;
        foreach (int samples in visits)
        {
            double sum = 0;
            for (int i = next; i < next + samples; i++) sum += signs[i];
            squares += sum * sum;
            next += samples;
        }

        return Math.Max(1e-6, squares / power * visits.Count / (visits.Count - 1));
    }
}
