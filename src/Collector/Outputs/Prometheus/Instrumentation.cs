using System.Diagnostics.Metrics;
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
        new UnitMetrics(meters, statuses.Kernel, statuses.Runtime),
    ];

    /// <summary>Those that are there before there is a target, and go on when another one comes.</summary>
    public static void ObserveHost(ObservationHost host)
    {
        IMeterFactory meters = host.MeterFactory;
        SourceStatuses statuses = host.Statuses;
        SourceMetrics.Observe(meters, statuses.All);
        TargetMetrics.Observe(meters, statuses.Runtime, () => host.Restarts);
        OwnCostMetrics.Observe(meters);
        UnitMetrics.Observe(meters, host.Units);
        ObserveFindings(meters, statuses, host.Results);
        new PoolMetrics(() => host.ProcessTimes, statuses.Kernel, statuses.Runtime).Observe(meters);
        TimelineMetrics.Observe(meters, () => host.Counts, () => ObservationHealth.IsUp(host.Current?.Pump));
        OutputMetrics.Observe(meters, host.Files.All);
        if (host.Files.Recording is { } recording) RecordingMetrics.Observe(meters, recording);
    }

    /// <summary>Those of what the sinks have added up.</summary>
    public static void ObserveFindings(IMeterFactory meters, SourceStatuses statuses, ResultSinks found)
    {
        new AccountMetrics(found.Accounts.Sums, statuses.Kernel, statuses.Runtime).Observe(meters);
        new DetailMetrics(found.Accounts.Sums, statuses.Kernel, statuses.Runtime, found.FaultCost).Observe(meters);
        found.Preemptors.Observe(meters);
        CauseMetrics.Observe(meters, found.Causes);
    }

    /// <summary>Those of one target, asked at each scrape.</summary>
    public static void ObserveTarget(IMeterFactory meters, int process, ContextSwitchSource switches, FaultCost? faultCost)
    {
        TargetMetrics.ObserveSwitches(meters, switches);
        MachineMetrics.Observe(meters, process, faultCost);
    }
}

/// <summary>All instruments of runtime events, behind one handler.</summary>
internal sealed class RuntimeInstruments : IDisposable
{
    private readonly ThreadMetrics _threads;

    /// <param name="meters">Makes the meter of what is counted from target to target.</param>
    /// <param name="ofTarget">Makes the meter of what is asked of this target at each scrape.</param>
    /// <param name="process">The target.</param>
    /// <param name="detail">What is asked for: what is not, has no series.</param>
    /// <param name="configurations">What the target declared.</param>
    /// <param name="names">Names of threads.</param>
    /// <param name="causes">Looks for causes.</param>
    /// <param name="others">Told of everything as well.</param>
    public RuntimeInstruments(
        IMeterFactory meters,
        IMeterFactory ofTarget,
        int process,
        EventDetail detail,
        ConfigurationRegistry configurations,
        ThreadNames names,
        IRuntimeEventHandler causes,
        params IEnumerable<IRuntimeEventHandler> others)
    {
        var labels = new ConfigurationLabelSets(configurations);
        bool isShared = PidNamespace.IsShared(process);
        _threads = new ThreadMetrics(ofTarget, process, detail.Has(EventGroups.Threads));
        Handler = new RuntimeEventFan(
        [
            new GcMetrics(meters, labels),
            new HeapMetrics(meters),
            new AllocationMetrics(meters, labels),
            new ThreadingMetrics(meters, thread => isShared ? names.NameOf(thread) : "unknown"),
            new CodeMetrics(meters),
            new MemoryMetrics(ofTarget, process),
            new UnitEventMetrics(meters),
            _threads,
            causes,
            .. others,
        ]);
    }

    /// <summary>Takes the events.</summary>
    public IRuntimeEventHandler Handler { get; }

    public void Dispose() => _threads.Dispose();
}
