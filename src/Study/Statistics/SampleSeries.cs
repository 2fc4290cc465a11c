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
        EffectiveCount = Study.EffectiveCount.Estimate(this);
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
    public double Median => Count == 0 ? double.NaN : Quantiles.At(Sorted, 0.5);

    /// <summary>Durations in seconds.</summary>
    public static SampleSeries From(MeasuredConfiguration configuration) => new(
        [.. configuration.DurationNs.Select(duration => duration / 1e9)],
        configuration.Visits is { } visits
            ? [.. visits.Select(visit => visit.Samples)]
            : [configuration.DurationNs.Count]);
}

/// <summary>
/// How many independent samples a series is worth. Neighbours in time resemble each other: a machine stays slow for a
/// while. The variance of a median is then larger by the design effect of the signs of <c>sample - median</c>
/// (Sen, On the Properties of U-Statistics / Asymptotic Normality of Sample Quantiles for m-Dependent Processes, 1968).
/// </summary>
/// <remarks>
/// The design effect is the larger of two estimates: the sum of autocorrelations up to where their pairs stop being
/// positive (Geyer, Practical Markov Chain Monte Carlo, 1992), and the variance between visits over what independent
/// samples would give it. It is never below 1: noise must not make samples worth more than they are.
/// </remarks>
internal static class EffectiveCount
{
    /// <summary>Longer lags than this cost more than they tell; what they hide shows between the visits.</summary>
    private const int LongestLag = 1000;

    public static double Estimate(SampleSeries series)
    {
        int count = series.Count;
        if (count < 3) return count;
        double median = series.Median;
        double[] signs = [.. series.Values.Select(value => (double)Math.Sign(value - median))];
        double power = signs.Sum(sign => sign * sign);
        if (power == 0) return count;
        double effect = Math.Max(WithinTime(signs, power), BetweenVisits(signs, power, series.Visits));
        return count / Math.Max(1, effect);
    }

    private static double WithinTime(double[] signs, double power)
    {
        double sum = 0;
        double before = double.PositiveInfinity;
        for (int lag = 0; lag + 1 < Math.Min(signs.Length, LongestLag); lag += 2)
        {
            double pair = (Products(signs, lag) + Products(signs, lag + 1)) / power;
            if (pair <= 0) break;
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

    /// <summary>From three visits on; two say too little about how visits differ.</summary>
    private static double BetweenVisits(double[] signs, double power, IReadOnlyList<int> visits)
    {
        if (visits.Count < 3) return 1;
        double between = 0;
        int next = 0;
        foreach (int samples in visits)
        {
            double sum = signs.AsSpan(next, samples).ToArray().Sum();
            between += sum * sum / samples;
            next += samples;
        }

        return between / (visits.Count - 1) / (power / signs.Length);
    }
}
