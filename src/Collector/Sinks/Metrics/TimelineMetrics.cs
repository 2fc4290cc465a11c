using System.Diagnostics.Metrics;
using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>Instruments that are asked at each scrape: what the timeline could not account for.</summary>
internal static class TimelineMetrics
{
    public static void Observe(IMeterFactory meters, Func<TimelineCounts> counts)
    {
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableCounter(
            "observatory.timeline.iterations.missing",
            () => By("part", ("beginning", counts().BeginningsMissing), ("end", counts().EndsMissing)),
            null,
            "Iterations without an account, because one of their two events was not seen.");
        meter.CreateObservableCounter(
            "observatory.timeline.events.late",
            () => By("source", ("runtime", counts().LateRuntimeEvents), ("kernel", counts().LateSchedulerEvents)),
            null,
            "Events that came too late to be put in their place.");
        meter.CreateObservableCounter(
            "observatory.timeline.contradictions",
            () => By("of", ("cpu", counts().ChainBreaks), ("thread", counts().Contradictions), ("wake_up", counts().UnseenWakeUps)),
            null,
            "Times events did not follow from one another although no loss was told.");
    }

    private static IEnumerable<Measurement<long>> By(string label, params (string Value, long Count)[] series) =>
        series.Select(one => new Measurement<long>(one.Count, new KeyValuePair<string, object?>(label, one.Value)));
}
