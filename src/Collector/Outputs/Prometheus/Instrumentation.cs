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
        if (host.Effect is { } effect) EffectMetrics.Observe(meters, effect);
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

    /// <summary>A histogram of durations. The SDK's own boundaries start at 5, whatever the unit.</summary>
    public static Histogram<double> CreateSeconds(this Meter meter, string name, string description, double[] boundaries) =>
        meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });

    /// <summary>Those of one target, asked at each scrape.</summary>
    public static void ObserveTarget(IMeterFactory meters, int process, ContextSwitchSource switches, FaultCost? faultCost)
    {
        TargetMetrics.ObserveSwitches(meters, switches);
        MachineMetrics.Observe(meters, process, faultCost);
    }
}

/// <summary>
/// Instruments of runtime events that go on from target to target. Each is made once: another one of the same name would be kept for
/// every restart of a program, and so would another set of the names that are shown.
/// </summary>
internal sealed class RuntimeInstruments
{
    private volatile bool _isShared;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="configurations">What targets declared.</param>
    /// <param name="names">Names of threads.</param>
    public RuntimeInstruments(IMeterFactory meters, ConfigurationRegistry configurations, ThreadNames names)
    {
        var labels = new ConfigurationLabelSets(configurations);
        Handlers =
        [
            new GcMetrics(meters, labels),
            new HeapMetrics(meters),
            new AllocationMetrics(meters, labels),
            new ThreadingMetrics(meters, thread => _isShared ? names.NameOf(thread) : "unknown"),
            new CodeMetrics(meters),
            new UnitEventMetrics(meters),
        ];
    }

    /// <summary>Take the events; those of one target at a time.</summary>
    public IReadOnlyList<IRuntimeEventHandler> Handlers { get; }

    /// <summary>The events are this target's from now on.</summary>
    public void Begin(int process) => _isShared = PidNamespace.IsShared(process);
}

/// <summary>The instruments that end with a target.</summary>
internal static class TargetInstruments
{
    /// <summary>Makes them, and puts all that takes runtime events of the target behind one handler.</summary>
    /// <param name="meters">Makes the meter of what is asked of this target at each scrape.</param>
    /// <param name="process">The target.</param>
    /// <param name="detail">What is asked for: what is not, has no series.</param>
    /// <param name="looks">Looks at the target again and again.</param>
    /// <param name="others">Told of everything as well.</param>
    public static IRuntimeEventHandler Create(
        IMeterFactory meters, int process, EventDetail detail, TargetLooks looks, IEnumerable<IRuntimeEventHandler> others) =>
        new RuntimeEventFan(
            [new MemoryMetrics(meters, process), new ThreadMetrics(meters, process, detail.Has(EventGroups.Threads), looks), .. others]);
}
