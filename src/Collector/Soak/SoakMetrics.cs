using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Soak;

namespace Observatory.Collector;

/// <summary>Instruments of a soak test, asked at each scrape.</summary>
internal static class SoakMetrics
{
    public static void Observe(IMeterFactory meters, Func<SoakVerdict> verdict, Func<TimeSpan> remaining, Func<bool> isWhole)
    {
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableGauge(
            "observatory.soak.outcome",
            () => verdict().Findings.Select(finding => new Measurement<int>((int)finding.Outcome, Criterion(finding))),
            null,
            "What each criterion of the soak test has come to: 0 holds, 1 inconclusive, 2 fails.");
        meter.CreateObservableGauge(
            "observatory.soak.growth",
            () => verdict().Findings.Where(finding => finding.PerHour is not null).Select(finding => new Measurement<double>(finding.PerHour!.Value, Criterion(finding))),
            null,
            "Growth an hour that the soak test sees: MB of memory, percent of latency, open files or threads.");
        meter.CreateObservableGauge(
            "observatory.soak.state.up", () => isWhole() ? 1 : 0, null, "1 while each sample is on the disk, or none is asked to be (--state); 0 once the disk took no more.");
        meter.CreateObservableGauge(
            "observatory.soak.remaining", () => remaining().TotalSeconds, "s", "What is left of the time that the soak test is to last.");
    }

    private static KeyValuePair<string, object?> Criterion(SoakFinding finding) => new("criterion", finding.Criterion);
}
