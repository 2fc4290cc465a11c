using System.Diagnostics.Metrics;
using Observatory.Hosting;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>Makes the instruments of the collector, those of runtime events left out.</summary>
internal static class Instrumentation
{
    /// <summary>Those that findings are recorded with.</summary>
    public static IEnumerable<IFindingsSink> Sinks(IMeterFactory meters, SourceStatuses statuses) =>
    [
        new IterationMetrics(meters, statuses.Kernel),
        new CounterMetrics(meters),
    ];

    /// <summary>Those that are there before there is a target.</summary>
    public static void ObserveCollector(IMeterFactory meters, SourceStatuses statuses, ResultSinks found)
    {
        SourceMetrics.ObserveGap(meters, statuses.Runtime);
        OwnCostMetrics.Observe(meters);
        new AccountMetrics(found.Accounts.Sums, statuses.Kernel, statuses.Runtime).Observe(meters);
        new DetailMetrics(found.Accounts.Sums, statuses.Kernel, statuses.Runtime, found.FaultCost).Observe(meters);
        CauseMetrics.Observe(meters, found.Causes);
    }

    /// <summary>Those that are asked at each scrape.</summary>
    public static void ObserveTarget(ObservationHost host, int process, ContextSwitchSource switches, FindingsPipeline pipeline)
    {
        IMeterFactory meters = host.MeterFactory;
        SourceStatuses statuses = host.Statuses;
        SourceMetrics.Observe(meters, statuses.All, switches);
        MachineMetrics.Observe(meters, process, host.FaultCost);
        host.Results.Preemptors.Observe(meters, process);
        new PoolMetrics(() => pipeline.ProcessTimes, statuses.Kernel, statuses.Runtime).Observe(meters);
        TimelineMetrics.Observe(meters, () => pipeline.Counts, () => ObservationHealth.IsUp(pipeline.Pump));
        OutputMetrics.Observe(meters, host.Files.All);
    }
}

/// <summary>All instruments of runtime events, behind one handler.</summary>
internal sealed class RuntimeInstruments : IDisposable
{
    private readonly ThreadMetrics _threads;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="process">The target.</param>
    /// <param name="detail">What is asked for: what is not, has no series.</param>
    /// <param name="configurations">What the target declared.</param>
    /// <param name="names">Names of threads.</param>
    /// <param name="recording">The raw recording, if there is one.</param>
    /// <param name="causes">Looks for causes.</param>
    /// <param name="recorder">Told of everything as well; null for nobody.</param>
    public RuntimeInstruments(
        IMeterFactory meters, int process, EventDetail detail, ConfigurationRegistry configurations, ThreadNames names, BackgroundOutput? recording, IRuntimeEventHandler causes, IRuntimeEventHandler? recorder = null)
    {
        var labels = new ConfigurationLabelSets(configurations);
        bool isShared = PidNamespace.IsShared(process);
        _threads = new ThreadMetrics(meters, process, detail.Has(EventGroups.Threads));
        Handler = new RuntimeEventFan(
        [
            new GcMetrics(meters, labels),
            new HeapMetrics(meters),
            new AllocationMetrics(meters, labels),
            new ThreadingMetrics(meters, thread => isShared ? names.NameOf(thread) : "unknown"),
            new CodeMetrics(meters),
            new MemoryMetrics(meters, process),
            _threads,
            causes,
            .. recorder is null ? (IRuntimeEventHandler[])[] : [recorder],
        ]);
        if (recording is not null) RecordingMetrics.Observe(meters, recording);
    }

    /// <summary>Takes the events.</summary>
    public IRuntimeEventHandler Handler { get; }

    public void Dispose() => _threads.Dispose();
}
