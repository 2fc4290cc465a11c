using MathNet.Numerics.Distributions;

namespace Observatory.Study;

/// <summary>What the second run says about a configuration of the first.</summary>
internal enum Change
{
    Inconclusive,
    NoDifference,
    Faster,
    Slower,
}

/// <summary>One configuration in two runs, or with two numbers of threads.</summary>
/// <param name="Before">In the first run.</param>
/// <param name="After">In the second run.</param>
/// <param name="Ratio">Of the medians, second over first; null when the samples do not suffice for one.</param>
/// <param name="Probability">Of such a ratio where there is no difference, Holm-corrected; null as the ratio is.</param>
/// <param name="Margin">A difference of at most this share counts as none.</param>
internal sealed record ConfigurationChange(
    ConfigurationFindings Before, ConfigurationFindings After, MedianRatio? Ratio, double? Probability, double Margin)
{
    public const double Confidence = 0.95;

    /// <summary>The machine stepped between two speeds in one of the runs, and the ratio may be that step.</summary>
    public bool MayBeStep { get; init; }

    /// <summary>Of the ratio; null as that is.</summary>
    public Interval? Interval => Ratio?.At(Confidence);

    /// <summary>So many samples were disturbed that the ratio is one of disturbances.</summary>
    public bool IsDisturbed => Math.Max(Before.DisturbedShare ?? 0, After.DisturbedShare ?? 0) > Disturbance.Threshold;

    /// <summary>
    /// No difference is said only where the whole interval lies within the margin, and a difference only where chance is an
    /// unlikely cause and the interval reaches beyond the margin. All else is inconclusive.
    /// </summary>
    public Change Change
    {
        get
        {
            if (Interval is not { } interval || Probability is not { } probability || IsDisturbed || MayBeStep) return Change.Inconclusive;
            if (interval.Low >= 1 / (1 + Margin) && interval.High <= 1 + Margin) return Change.NoDifference;
            if (probability >= Significance.Level) return Change.Inconclusive;
            return Ratio!.Value.Ratio > 1 ? Change.Slower : Change.Faster;
        }
    }

    /// <summary>Pairs of configurations, corrected for how many there are.</summary>
    public static IReadOnlyList<ConfigurationChange> Between(
        IEnumerable<(ConfigurationFindings Before, ConfigurationFindings After)> pairs, double margin)
    {
        var compared = pairs
            .Select(pair => (pair.Before, pair.After, Ratio: MedianRatio.BetweenRuns(pair.Before.Series, pair.After.Series)))
            .ToArray();
        double? step = Larger(
            SpeedSteps.Find([.. compared.Select(pair => pair.Before.Series)]), SpeedSteps.Find([.. compared.Select(pair => pair.After.Series)]));
        double[] adjusted = HolmCorrection.Adjust([.. compared.Select(pair => pair.Ratio?.Probability).OfType<double>()]);
        int next = 0;
        return
        [
            .. compared.Select(pair => new ConfigurationChange(
                pair.Before, pair.After, pair.Ratio, pair.Ratio is null ? null : adjusted[next++], margin)
            {
                MayBeStep = pair.Ratio is { } ratio && SpeedSteps.Explains(step, ratio.Ratio),
            }),
        ];
    }

    private static double? Larger(double? one, double? other) => one is null || other > one ? other : one;
}

/// <summary>Changes in words.</summary>
internal static class ChangeText
{
    public static string Text(this Change change) => change switch
    {
        Change.NoDifference => "no difference",
        Change.Faster => "faster",
        Change.Slower => "slower",
        _ => "inconclusive",
    };
}

/// <summary>
/// Geometric mean of the ratios of all configurations. It finds what all of them share, such as a slower library, which
/// no single one may show for its own noise.
/// </summary>
/// <param name="Ratio">Second over first.</param>
/// <param name="Interval">
/// 95 %, by how much the passes of each run differ, for a slow pass is shared by all configurations (Welch's t of the
/// logarithms). What a whole run shares is not in it.
/// </param>
internal readonly record struct OverallRatio(double Ratio, Interval Interval)
{
    /// <summary>Fewer configurations say little about others.</summary>
    private const int LeastConfigurations = 3;

    /// <summary>Null with fewer than three configurations or <see cref="SampleSeries.LeastVisits"/> passes.</summary>
    public static OverallRatio? From(IEnumerable<(SampleSeries Before, SampleSeries After)> pairs)
    {
        (SampleSeries Before, SampleSeries After)[] all = [.. pairs.Where(pair => pair.Before.Count > 0 && pair.After.Count > 0)];
        if (all.Length < LeastConfigurations) return null;
        (double Mean, LogError Error, int Passes) before = Level([.. all.Select(pair => pair.Before)]);
        (double Mean, LogError Error, int Passes) after = Level([.. all.Select(pair => pair.After)]);
        if (Math.Min(before.Passes, after.Passes) < SampleSeries.LeastVisits) return null;
        LogError error = before.Error.Plus(after.Error);
        double half = error.Variance == 0 ? 0 : StudentT.InvCDF(0, 1, error.Freedom, 0.975) * Math.Sqrt(error.Variance);
        double log = after.Mean - before.Mean;
        return new OverallRatio(Math.Exp(log), new Interval(Math.Exp(log - half), Math.Exp(log + half)));
    }

    /// <summary>
    /// The mean logarithm of a run, and its variance: that of the passes' mean deviations. Passes in which fewer than half
    /// of the configurations were left are not counted.
    /// </summary>
    private static (double Mean, LogError Error, int Passes) Level(SampleSeries[] series)
    {
        double[][] logs = [.. series.Select(one => one.VisitMedians.Select(median => Math.Log(median)).ToArray())];
        double[] means = [.. logs.Select(visits => visits.Average())];
        List<double> passes = [];
        for (int pass = 0; ; pass++)
        {
            double[] deviations =
                [.. logs.Index().Where(one => one.Item.Length > pass).Select(one => one.Item[pass] - means[one.Index])];
            if (deviations.Length * 2 < series.Length || deviations.Length == 0) break;
            passes.Add(deviations.Average());
        }

        if (passes.Count < 2) return (means.Average(), new LogError(0, 1), passes.Count);
        double mean = passes.Average();
        double variance = passes.Sum(one => (one - mean) * (one - mean)) / (passes.Count - 1);
        VisitDependence visits = series[0].VisitDependence;
        return (means.Average(), new LogError(variance / passes.Count * visits.Effect(passes.Count), visits.Freedom(passes.Count)), passes.Count);
    }
}
