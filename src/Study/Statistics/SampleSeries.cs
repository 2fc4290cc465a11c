namespace Observatory.Study;

/// <summary>The samples of one configuration in the order in which they ran, and how they fall into visits.</summary>
internal sealed class SampleSeries
{
    /// <param name="values">Above zero; the unit is the caller's.</param>
    /// <param name="visits">How many samples each visit has; they add up to all.</param>
    public SampleSeries(IReadOnlyList<double> values, IReadOnlyList<int> visits)
    {
        Values = values;
        Visits = visits;
        Sorted = [.. values.Order()];
        EffectiveCount = Study.EffectiveCount.Of(this);
    }

    /// <summary>The values, the one that ran first in front.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Samples of each visit.</summary>
    public IReadOnlyList<int> Visits { get; }

    /// <summary>The values in ascending order.</summary>
    public IReadOnlyList<double> Sorted { get; }

    /// <summary>How many independent samples these are worth.</summary>
    public double EffectiveCount { get; }

    public int Count => Values.Count;

    /// <summary>NaN while there is no sample.</summary>
    public double Median => Count == 0 ? double.NaN : Quantiles.Of(Sorted, 0.5);

    /// <summary>Durations in seconds.</summary>
    public static SampleSeries Of(MeasuredConfiguration configuration) => new(
        [.. configuration.DurationNs.Select(duration => duration / 1e9)],
        configuration.Visits is { } visits
            ? [.. visits.Select(visit => visit.Samples)]
            : [configuration.DurationNs.Count]);
}
