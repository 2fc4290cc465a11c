namespace Observatory.Study;

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
    public static double? Of(IReadOnlyList<long> durations, IEnumerable<Visit> visits) => Of(Medians(durations, visits));

    /// <param name="values">Independent values above zero.</param>
    public static double? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return MedianInterval.Of(sorted, sorted.Length) is { } interval
            ? (interval.High - interval.Low) / 2 / Quantiles.Of(sorted, 0.5)
            : null;
    }

    private static IEnumerable<double> Medians(IReadOnlyList<long> durations, IEnumerable<Visit> visits)
    {
        int next = 0;
        foreach (int samples in visits.Select(visit => visit.Samples))
        {
            yield return Quantiles.Of([.. durations.Skip(next).Take(samples).Select(value => (double)value).Order()], 0.5);
            next += samples;
        }
    }
}
