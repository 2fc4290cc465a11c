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
