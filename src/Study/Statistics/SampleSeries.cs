using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Observatory.Study;

/// <summary>The samples of one configuration in the order in which they ran, and how they fall into visits.</summary>
internal sealed class SampleSeries
{
    /// <summary>
    /// How visits differ is not known from fewer: an interval that is shown only where they happen to agree is shown where
    /// it is wrong.
    /// </summary>
    public const int LeastVisits = 4;

    private const double Nanosecond = 1e-9;
    private readonly Dependence _overTime;
    private readonly Dependence? _ofVisits;
    private readonly double[] _sorted;
    private readonly RunState _run = RunState.Alone;

    /// <param name="values">Above zero; the unit is the caller's.</param>
    /// <param name="visits">How many samples each visit has; they add up to all.</param>
    public SampleSeries(IReadOnlyList<double> values, IReadOnlyList<int> visits)
    {
        Values = values;
        Visits = visits;
        _sorted = [.. values.Order()];
        (_overTime, _ofVisits) = Dependence.Estimate(values, Median, visits);
        Modes = Study.Modes.Find(_sorted);
        IsOfLastingModes = Modes is { } modes && modes.Last(values);
    }

    private SampleSeries(SampleSeries alone, RunState run)
    {
        (Values, Visits, Modes, IsOfLastingModes) = (alone.Values, alone.Visits, alone.Modes, alone.IsOfLastingModes);
        (_sorted, _overTime, _ofVisits, _run) = (alone._sorted, alone._overTime, alone._ofVisits, run);
    }

    /// <summary>The same series, which knows what its run shows as a whole.</summary>
    public SampleSeries In(RunState run) => new(this, run);

    /// <summary>How visits of its run resemble the ones before them.</summary>
    public VisitDependence VisitDependence => _run.Visits;

    /// <summary>The values, the one that ran first in front.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Samples of each visit.</summary>
    public IReadOnlyList<int> Visits { get; }

    /// <summary>The values in ascending order.</summary>
    public IReadOnlyList<double> Sorted => _sorted;

    public int Count => Values.Count;

    /// <summary>NaN while there is no sample.</summary>
    public double Median => Count == 0 ? double.NaN : Quantiles.At(_sorted, 0.5);

    /// <summary>
    /// The smallest step between two different samples, a nanosecond at least: on a coarse clock a median is known no better.
    /// </summary>
    public double Resolution
    {
        get
        {
            double least = double.PositiveInfinity;
            for (int i = 1; i < _sorted.Length; i++)
            {
                if (_sorted[i] > _sorted[i - 1]) least = Math.Min(least, _sorted[i] - _sorted[i - 1]);
            }

            return double.IsFinite(least) ? Math.Max(least, Nanosecond) : Nanosecond;
        }
    }

    /// <summary>The effective sample size: so many independent samples would know the median as well.</summary>
    public double EffectiveCount => Count / Widest.Effect;

    /// <summary>Degrees of freedom of what <see cref="EffectiveCount"/> was estimated from.</summary>
    public double Freedom => Widest.Freedom;

    /// <summary>Null: one group, or too few samples to tell.</summary>
    public Modes? Modes { get; }

    /// <summary>
    /// Two speeds that last, seen in too few turns to know how much of the time each of them has: where the median lies is
    /// then not known, however many samples there are.
    /// </summary>
    public bool IsOfLastingModes { get; }

    /// <summary>
    /// Visited often enough, and of one speed or of two that take turns often enough, to say how well the median is known. In a run
    /// that steps between two speeds none is: what shows one of them alone was measured at it by luck.
    /// </summary>
    public bool HasKnownError => HasErrorOfItsOwn && _run.Step is null;

    /// <summary>The same by its own samples. Enough for a comparison with another run, which a step explains or does not.</summary>
    public bool HasErrorOfItsOwn => HasVisits && !IsOfLastingModes && _run.Visits.Worth(Visits.Count) >= VisitDependence.LeastWorth;

    /// <summary>Visited often enough to know how visits differ.</summary>
    public bool HasVisits => Visits.Count >= LeastVisits;

    /// <summary>
    /// Independent samples of which an exact interval is as wide as one of these, their effective count being an estimate
    /// itself; 0 with too few visits.
    /// </summary>
    public int IntervalCount
    {
        get
        {
            if (!HasErrorOfItsOwn) return 0;
            double discount = Widest.IsOfVisits
                ? Normal.InvCDF(0, 1, 0.975) / StudentT.InvCDF(0, 1, Widest.Freedom, 0.975)
                : 1;
            return (int)((EffectiveCount * discount * discount) + 1e-9);
        }
    }

    /// <summary>
    /// Slower over faster of two speeds that last, seen here or by the run as a whole; null where there are none. The median is that of
    /// one of the two, whichever of them happened to last.
    /// </summary>
    public double? Step => IsOfLastingModes ? Modes!.Value.High / Modes.Value.Low : _run.Step;

    /// <summary>How well the logarithm of the median is known by the medians of the visits alone. At least two visits.</summary>
    public LogError ErrorOfVisits
    {
        get
        {
            double[] logs = [.. VisitMedians.Select(median => Math.Log(median))];
            return new LogError(logs.Variance() / logs.Length * _run.Visits.Effect(logs.Length), _run.Visits.Freedom(logs.Length));
        }
    }

    /// <summary>Of the two estimates the one that gives the wider interval.</summary>
    private Dependence Widest => _ofVisits is { } visits && visits.In(_run.Visits, Visits.Count) is var between && between.Reach > _overTime.Reach
        ? between
        : _overTime;

    /// <summary>Medians of the visits, in their order.</summary>
    public IEnumerable<double> VisitMedians
    {
        get
        {
            int next = 0;
            foreach (int samples in Visits)
            {
                yield return Quantiles.At([.. Values.Skip(next).Take(samples).Order()], 0.5);
                next += samples;
            }
        }
    }

    /// <summary>Durations in seconds.</summary>
    public static SampleSeries From(MeasuredConfiguration configuration) => new(
        [.. configuration.DurationNs.Select(duration => duration / 1e9)],
        configuration.Visits is { } visits
            ? [.. visits.Select(visit => visit.Samples)]
            : [configuration.DurationNs.Count]);
}

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
