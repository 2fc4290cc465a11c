namespace Observatory.Collector;

/// <summary>How much more of a kind of time the slow units of a configuration have than the others.</summary>
/// <param name="Kind">The cause.</param>
/// <param name="Difference">Mean of the slow ones less that of the others, in nanoseconds a unit.</param>
/// <param name="Low">Lower end of the 95 % bootstrap interval.</param>
/// <param name="High">Upper end.</param>
internal readonly record struct SlowCause(CauseKind Kind, double Difference, double Low, double High);

/// <summary>Latency without a cause: what is left when its time is taken out of every unit.</summary>
/// <param name="Kind">The cause.</param>
/// <param name="Median">Nanoseconds as it is.</param>
/// <param name="MedianWithout">Without the cause, and the 95 % bootstrap interval.</param>
/// <param name="P95">Nanoseconds as it is.</param>
/// <param name="P95Without">Without the cause, and the 95 % bootstrap interval.</param>
/// <param name="Abstained">Why the numbers without the cause are no prediction; null when they are one.</param>
internal readonly record struct WhatIf(
    CauseKind Kind, double Median, Estimate? MedianWithout, double P95, Estimate? P95Without, string? Abstained = null);

/// <summary>A number and its 95 % interval.</summary>
internal readonly record struct Estimate(double Value, double Low, double High);

/// <summary>The slow units of a configuration against the others.</summary>
/// <param name="Slow">How many are slow: above the 99th percentile, or above three times the median.</param>
/// <param name="Body">How many are not.</param>
/// <param name="SlowMean">Mean length in nanoseconds.</param>
/// <param name="BodyMean">Mean length in nanoseconds.</param>
/// <param name="Explained">The part of the difference that causes other than unknown make up, 0 to 1.</param>
/// <param name="Causes">Those whose interval lies above zero, the largest difference first.</param>
/// <param name="Abstained">Why nothing is said; null when something is.</param>
internal sealed record SlowUnits(
    int Slow, int Body, double SlowMean, double BodyMean, double Explained, IReadOnlyList<SlowCause> Causes, string? Abstained)
{
    private const int LeastSlow = 8;
    private const int LeastBody = 30;
    private const double LeastDifference = 0.2;
    private const double LeastExplained = 0.5;
    private const double TimesMedian = 3;
    private const int Resamples = 400;
    private const double MostDependent = 0.3;

    // A fault costs 0.7 to 1.4 times what was calibrated, the more the more memory is touched at once: benchmarks/page-faults.
    private const double ModelError = 0.4;

    // Taking one of these away changes the others: who waits less for one process waits differently for the next.
    private static readonly CauseKind[] OfCpus =
    [
        CauseKind.Neighbour, CauseKind.OwnThreads, CauseKind.Affinity, CauseKind.Priority, CauseKind.Throttled, CauseKind.Steal,
        CauseKind.WakeUp, CauseKind.Observer, CauseKind.ObserverStart,
    ];

    /// <summary>Compares them. The same samples always give the same answer.</summary>
    public static SlowUnits Compare(IReadOnlyList<UnitSample> samples)
    {
        if (samples.Count == 0) return new SlowUnits(0, 0, 0, 0, 0, [], "no unit has ended");
        long[] walls = [.. samples.Select(sample => sample.Wall).Order()];
        double threshold = Math.Min(Quantile(walls, 0.99), TimesMedian * Quantile(walls, 0.5));
        UnitSample[] slow = [.. samples.Where(sample => sample.Wall > threshold)];
        UnitSample[] body = [.. samples.Where(sample => sample.Wall <= threshold)];
        double slowMean = slow.Length > 0 ? slow.Average(sample => sample.Wall) : 0;
        double bodyMean = body.Length > 0 ? body.Average(sample => sample.Wall) : 0;
        var compared = new SlowUnits(slow.Length, body.Length, slowMean, bodyMean, 0, [], null);
        if (slow.Length < LeastSlow || body.Length < LeastBody)
            return compared with { Abstained = $"too few units: {slow.Length} slow ones of at least {LeastSlow}, {body.Length} others of at least {LeastBody}" };
        if (slowMean < bodyMean * (1 + LeastDifference))
            return compared with { Abstained = "the slow units are hardly slower than the others" };

        SlowCause[] causes = Differences(slow, body);
        double unknown = causes.First(cause => cause.Kind == CauseKind.Unknown).Difference;
        double explained = Math.Clamp(1 - (Math.Max(0, unknown) / (slowMean - bodyMean)), 0, 1);
        compared = compared with { Explained = explained };
        if (explained < LeastExplained)
            return compared with { Abstained = $"only {CauseText.Percent(explained)} of the difference can be explained" };
        return compared with
        {
            Causes = [.. causes.Where(cause => cause.Low > 0 && cause.Kind != CauseKind.Unknown).OrderByDescending(cause => cause.Difference)],
        };
    }

    /// <summary>The latency of a configuration if a cause were not there; the same samples always give the same answer.</summary>
    /// <remarks>
    /// The cause's time is taken out of each unit, and all else stays. That is no prediction where much of what stays would have been
    /// otherwise, too: time of an unknown cause, and, without a cause of waiting for CPUs, other waits for them. Of a unit
    /// that spends 99 % of its time off the CPU, an error of one percent is as long as all of its work.
    /// </remarks>
    public static WhatIf Without(CauseKind kind, IReadOnlyList<UnitSample> samples)
    {
        long[] walls = [.. samples.Select(sample => sample.Wall).Order()];
        var asItIs = new WhatIf(kind, Quantile(walls, 0.5), null, Quantile(walls, 0.95), null);
        if (samples.Count < LeastBody)
            return asItIs with { Abstained = $"too few units: {samples.Count} of at least {LeastBody}" };
        if (kind == CauseKind.PageFaults && Mismodelled(samples) is > MostDependent and var off)
            return asItIs with { Abstained = $"its time is modelled, to 40%: that is {CauseText.Percent(off)} of what is left of a unit" };
        double[] dependent = [.. samples.Select(sample => Dependent(kind, sample)).Order()];
        double usual = dependent[dependent.Length / 2];
        if (usual > MostDependent)
            return asItIs with { Abstained = $"{CauseText.Percent(usual)} of what is left of a unit are other waits that depend on it, or unexplained" };
        long[] without = [.. samples.Select(sample => sample.Wall - sample.Kinds[(int)kind])];
        var random = new Random(1);
        double[] medians = new double[Resamples];
        double[] p95s = new double[Resamples];
        long[] drawn = new long[without.Length];
        for (int i = 0; i < Resamples; i++)
        {
            for (int k = 0; k < drawn.Length; k++) drawn[k] = without[random.Next(without.Length)];
            Array.Sort(drawn);
            (medians[i], p95s[i]) = (Quantile(drawn, 0.5), Quantile(drawn, 0.95));
        }

        Array.Sort(without);
        return asItIs with { MedianWithout = Interval(Quantile(without, 0.5), medians), P95Without = Interval(Quantile(without, 0.95), p95s) };
    }

    /// <summary>How much of what is left of the middle unit the error of a modelled fault's time may be.</summary>
    private static double Mismodelled(IReadOnlyList<UnitSample> samples)
    {
        double[] errors = [.. samples.Select(sample => (Wall: sample.Wall, Faults: sample.Kinds[(int)CauseKind.PageFaults]))
            .Select(one => one.Faults * ModelError / Math.Max(1, one.Wall - one.Faults)).Order()];
        return errors[errors.Length / 2];
    }

    /// <summary>The part of what is left of a unit without a cause that would not have stayed as it is.</summary>
    private static double Dependent(CauseKind kind, in UnitSample sample)
    {
        long left = sample.Wall - sample.Kinds[(int)kind];
        if (left <= 0) return 0;
        long dependent = sample.Kinds[(int)CauseKind.Unknown];
        if (Array.IndexOf(OfCpus, kind) >= 0)
        {
            foreach (CauseKind other in OfCpus) dependent += other == kind ? 0 : sample.Kinds[(int)other];
        }

        return (double)dependent / left;
    }

    private static SlowCause[] Differences(UnitSample[] slow, UnitSample[] body)
    {
        int kinds = Cause.Kinds.Length;
        double[][] resampled = [.. Enumerable.Range(0, kinds).Select(_ => new double[Resamples])];
        var random = new Random(1);
        for (int i = 0; i < Resamples; i++)
        {
            double[] a = ResampledMeans(slow, random);
            double[] b = ResampledMeans(body, random);
            for (int kind = 0; kind < kinds; kind++) resampled[kind][i] = a[kind] - b[kind];
        }

        return
        [
            .. Cause.Kinds.Select(kind =>
            {
                double difference = slow.Average(sample => sample.Kinds[(int)kind]) - body.Average(sample => sample.Kinds[(int)kind]);
                Estimate interval = Interval(difference, resampled[(int)kind]);
                return new SlowCause(kind, difference, interval.Low, interval.High);
            }),
        ];
    }

    private static double[] ResampledMeans(UnitSample[] samples, Random random)
    {
        double[] sums = new double[Cause.Kinds.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            long[] kinds = samples[random.Next(samples.Length)].Kinds;
            for (int kind = 0; kind < sums.Length; kind++) sums[kind] += kinds[kind];
        }

        for (int kind = 0; kind < sums.Length; kind++) sums[kind] /= samples.Length;
        return sums;
    }

    private static Estimate Interval(double value, double[] resampled)
    {
        Array.Sort(resampled);
        return new Estimate(value, resampled[(int)(resampled.Length * 0.025)], resampled[(int)(resampled.Length * 0.975)]);
    }

    private static double Quantile(long[] sorted, double part) =>
        sorted.Length == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Length) - 1, 0, sorted.Length - 1)];
}
