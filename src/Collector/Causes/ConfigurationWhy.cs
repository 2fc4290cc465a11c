using System.Globalization;
using System.Text;

namespace Observatory.Collector;

/// <summary>The causes of one configuration.</summary>
/// <param name="Name">The configuration.</param>
/// <param name="Units">How many ended.</param>
/// <param name="WallSeconds">Their wall time.</param>
/// <param name="Causes">Ranked.</param>
/// <param name="WithoutCpuSeconds">
/// Preempted and waking time by cause: who had the CPU, and <c>throttled</c>, where the quota was used up; empty where there is none.
/// </param>
/// <param name="SlowAgainstOthers">Slow units against the others; null where it was not asked for.</param>
/// <param name="WithoutCause">Latency without the largest causes.</param>
internal sealed record ConfigurationWhy(
    string Name,
    long Units,
    double WallSeconds,
    IReadOnlyList<CauseLine> Causes,
    IReadOnlyDictionary<string, double> WithoutCpuSeconds,
    SlowUnits? SlowAgainstOthers,
    IReadOnlyList<WhatIf> WithoutCause)
{
    private const double LeastWaited = 0.05;
    private const double LeastWhatIf = 0.02;
    private const int MostWhatIf = 2;

    public static ConfigurationWhy Create(ConfigurationCauses found, TargetLimits limits, bool deep)
    {
        long whole = found.Times.Total;
        IEnumerable<CauseKind> largest = found.Times.Ranked
            .Where(pair => !pair.Key.IsOwnWork && pair.Key.Kind != CauseKind.Unknown)
            .GroupBy(pair => pair.Key.Kind)
            .Select(group => (Kind: group.Key, Time: group.Sum(pair => pair.Value)))
            .Where(one => one.Time >= whole * LeastWhatIf)
            .OrderByDescending(one => one.Time)
            .Take(MostWhatIf)
            .Select(one => one.Kind);
        return new ConfigurationWhy(
            found.Name,
            found.Units,
            whole / 1e9,
            WhyReport.Lines(found.Times, whole, limits),
            found.WithoutCpu.Seconds(),
            deep ? SlowUnits.Compare(found.Samples) : null,
            deep ? [.. largest.Select(kind => SlowUnits.Without(kind, found.Samples))] : []);
    }

    public void Write(StringBuilder text)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"{Name}: {ForPeople.Count(Units, "unit")}, {CauseText.Time(WallSeconds * 1e9)}");
        foreach (CauseLine line in Causes.Take(5)) text.AppendLine($"  {line.Sentence}");
        double waited = WithoutCpuSeconds.Values.Sum();
        if (waited >= WallSeconds * LeastWaited)
        {
            string by = string.Join(", ", WithoutCpuSeconds.OrderByDescending(one => one.Value).Take(4).Select(one => $"{one.Key} {CauseText.Percent(one.Value / waited)}"));
            text.AppendLine($"  preempted or waking for {CauseText.Time(waited * 1e9)}: {by}");
        }

        if (SlowAgainstOthers is { Abstained: { } why }) text.AppendLine($"  slow units: nothing is said, {why}");
        if (SlowAgainstOthers is { Abstained: null } slow)
        {
            string causes = slow.Causes.Count == 0 ? "no single cause stands out" : string.Join(", ", slow.Causes.Take(3).Select(cause =>
                $"{Cause.NameOf(cause.Kind)} {CauseText.Time(cause.Difference)} ({CauseText.Time(cause.Low)} to {CauseText.Time(cause.High)})"));
            text.AppendLine(CultureInfo.InvariantCulture, $"  {slow.Slow} slow units take {CauseText.Time(slow.SlowMean - slow.BodyMean)} longer than the other {slow.Body}: {causes}; {CauseText.Percent(slow.Explained)} of it explained");
        }

        foreach (WhatIf one in WithoutCause)
        {
            if (one is not { MedianWithout: { } median, P95Without: { } p95 })
            {
                text.AppendLine($"  without {Cause.NameOf(one.Kind)}: nothing is said, {one.Abstained}");
                continue;
            }

            text.AppendLine($"  without {Cause.NameOf(one.Kind)}: median {CauseText.Time(one.Median)} -> {CauseText.Time(median.Value)} "
                + $"({CauseText.Time(median.Low)} to {CauseText.Time(median.High)}), p95 {CauseText.Time(one.P95)} -> {CauseText.Time(p95.Value)} "
                + $"({CauseText.Time(p95.Low)} to {CauseText.Time(p95.High)})");
        }

        text.AppendLine();
    }
}
