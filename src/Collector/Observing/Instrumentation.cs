using System.Diagnostics.Metrics;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>Makes the instruments of the collector, those of runtime events left out.</summary>
internal static class Instrumentation
{
    /// <summary>Those that findings are recorded with.</summary>
    public static IEnumerable<IFindingsSink> Sinks(IMeterFactory meters, SourceStatuses statuses, FaultCost? faultCost) =>
    [
        new CollectorMetrics(meters, statuses.Kernel, statuses.Runtime),
        new DetailMetrics(meters, statuses.Kernel, statuses.Runtime, faultCost),
        new CounterMetrics(meters),
    ];

    /// <summary>Those that are there before there is a target.</summary>
    public static void ObserveCollector(IMeterFactory meters, SourceStatuses statuses)
    {
        SourceMetrics.ObserveGap(meters, statuses.Runtime);
        OwnCostMetrics.Observe(meters);
    }

    /// <summary>Those that are asked at each scrape.</summary>
    public static void ObserveTarget(
        IMeterFactory meters,
        int process,
        SourceStatuses statuses,
        ContextSwitchSource switches,
        FaultCost? faultCost,
        PreemptorSink preemptors,
        FindingsPipeline pipeline)
    {
        SourceMetrics.Observe(meters, statuses.All, switches);
        MachineMetrics.Observe(meters, process, faultCost);
        preemptors.Observe(meters, process);
        new PoolMetrics(() => pipeline.ProcessTimes, statuses.Kernel, statuses.Runtime).Observe(meters);
        TimelineMetrics.Observe(meters, () => pipeline.Counts);
    }
}
