using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>Instruments that are asked at each scrape: how the sources are doing.</summary>
internal static class SourceMetrics
{
    public static void Observe(IMeterFactory meters, IReadOnlyList<SourceStatus> sources)
    {
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableCounter(
            "observatory.events", () => sources.SelectMany(Events), null, "Events read.");
        meter.CreateObservableCounter(
            "observatory.events.lost", () => sources.Select(Lost), null, "Events known to be missing.");
        meter.CreateObservableCounter(
            "observatory.events.missing",
            () => sources.Select(Missing),
            null,
            "Lost events that gaps in their own sequence numbers prove: iteration events.");
        meter.CreateObservableGauge(
            "observatory.source.unrecorded",
            () => sources.Select(Unrecorded),
            null,
            "CPUs (at tier thread: threads) that are not recorded because the kernel refused a ring; what happens there is unknown.");
        meter.CreateObservableGauge(
            "observatory.source.up", () => sources.Select(Up), null, "1 while the source delivers.");
    }

    private static IEnumerable<Measurement<long>> Events(SourceStatus source) =>
        source.EventsByKind.Select(kind => new Measurement<long>(
            kind.Value, new("source", source.Name), new KeyValuePair<string, object?>("kind", kind.Key)));

    private static Measurement<long> Lost(SourceStatus source) =>
        new(source.Lost, new KeyValuePair<string, object?>("source", source.Name));

    private static Measurement<long> Missing(SourceStatus source) =>
        new(source.Missing, new KeyValuePair<string, object?>("source", source.Name));

    private static Measurement<int> Unrecorded(SourceStatus source) =>
        new(source.Unrecorded, new KeyValuePair<string, object?>("source", source.Name));

    private static Measurement<int> Up(SourceStatus source) =>
        new(source.IsUp ? 1 : 0, new("source", source.Name), new KeyValuePair<string, object?>("tier", source.Tier));
}

/// <summary>Instruments that are asked at each scrape: whether there is a target, and what /proc counts of it.</summary>
internal static class TargetMetrics
{
    /// <summary>For the time before there is a target, too.</summary>
    public static void Observe(IMeterFactory meters, SourceStatus runtime, Func<long> restarts)
    {
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableCounter(
            "observatory.target.gap", () => runtime.Down.TotalSeconds, "s", "Time in which the collector ran and observed no target.");
        meter.CreateObservableCounter(
            "observatory.target.restarts", restarts, null, "Times the target came back under another process id.");
    }

    /// <summary>For as long as the target lives.</summary>
    public static void ObserveSwitches(IMeterFactory meters, ContextSwitchSource switches) =>
        meters.Create(Meters.Collector).CreateObservableCounter(
            "observatory.target.context_switches", () => Switches(switches), null, "Context switches of the target.");

    private static Measurement<long>[] Switches(ContextSwitchSource switches)
    {
        if (!switches.HasLooked) return [];
        return
        [
            new(switches.Voluntary, SwitchType("voluntary")),
            new(switches.Involuntary, SwitchType("involuntary")),
        ];
    }

    private static KeyValuePair<string, object?> SwitchType(string type) => new("process_context_switch_type", type);
}

/// <summary>Instruments that are asked at each scrape: what the timeline could not account for.</summary>
internal static class TimelineMetrics
{
    public static void Observe(IMeterFactory meters, Func<TimelineCounts> counts, Func<bool> isUp)
    {
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableGauge(
            "observatory.timeline.up", () => isUp() ? 1 : 0, null, "1 while the timeline makes accounts of what the sources read.");
        meter.CreateObservableCounter(
            "observatory.timeline.iterations.missing",
            () => By("part", ("beginning", counts().BeginningsMissing), ("end", counts().EndsMissing)),
            null,
            "Iterations without an account, because one of their two events was not seen.");
        meter.CreateObservableCounter(
            "observatory.timeline.iterations.unpaired",
            () => By("kind", ("nested", counts().IterationsNested), ("moved", counts().IterationsMoved)),
            null,
            "Iterations that contain another one on their thread, or end on another thread than they began on.");
        meter.CreateObservableCounter(
            "observatory.timeline.events.late",
            () => By("source", ("runtime", counts().LateRuntimeEvents), ("kernel", counts().LateSchedulerEvents)),
            null,
            "Events that came too late to be put in their place.");
        meter.CreateObservableCounter(
            "observatory.timeline.units.doubted",
            () => counts().UnitsDoubted,
            null,
            "Units reported as complete before a switch or a wake-up inside them arrived late: their split may be wrong.");
        meter.CreateObservableCounter(
            "observatory.timeline.wake_ups.inferred",
            () => counts().InferredWakeUps,
            null,
            "Sleeps whose wake-up was not recorded and that ended on an idle CPU: blocked time to their end.");
        meter.CreateObservableCounter(
            "observatory.timeline.contradictions",
            () => By("of", ("cpu", counts().ChainBreaks), ("thread", counts().Contradictions), ("wake_up", counts().UnseenWakeUps)),
            null,
            "Times the order of events was impossible although no loss had been reported.");
    }

    private static IEnumerable<Measurement<long>> By(string label, params (string Value, long Count)[] series) =>
        series.Select(one => new Measurement<long>(one.Count, new KeyValuePair<string, object?>(label, one.Value)));
}

/// <summary>What the collector itself costs: its CPU time, by the parts that have threads of their own.</summary>
internal sealed class OwnCostMetrics
{
    private const string Other = "other";
    private static readonly string[] Parts = ["kernel-reader", "runtime-reader", "timeline", "trace-writer", "nettrace-writer", "accounts-writer"];
    private readonly Lock _entry = new();
    private readonly Dictionary<string, double> _said = [];

    public static void Observe(IMeterFactory meters)
    {
        var cost = new OwnCostMetrics();
        meters.Create(Meters.Collector).CreateObservableCounter(
            "observatory.collector.cpu", cost.Read, "s", "CPU time of the collector, by the part that spent it; other: HTTP, /proc, the table, the runtime.");
    }

    /// <summary>Seconds by part. A thread that has ended keeps what it had; the parts add up to the process.</summary>
    public IReadOnlyList<Measurement<double>> Read()
    {
        lock (_entry)
        {
            foreach ((string part, long nanoseconds) in OwnThreadTimes.Read(Parts)) Say(part, nanoseconds / 1e9);
            double named = _said.Where(pair => pair.Key != Other).Sum(pair => pair.Value);
            Say(Other, Environment.CpuUsage.TotalTime.TotalSeconds - named);
            return [.. _said.Select(pair => new Measurement<double>(pair.Value, Label(pair.Key)))];
        }
    }

    /// <summary>The two clocks are not read at the same instant: a counter stands still rather than falls.</summary>
    private void Say(string part, double seconds) => _said[part] = Math.Max(_said.GetValueOrDefault(part), seconds);

    private static KeyValuePair<string, object?> Label(string part) => new("part", part.Replace('-', '_'));
}

/// <summary>Instruments of the files that are written beside an observation.</summary>
internal static class OutputMetrics
{
    public static void Observe(IMeterFactory meters, IReadOnlyList<BackgroundOutput> outputs)
    {
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableGauge(
            "observatory.output.up", () => outputs.Select(output => new Measurement<int>(output.IsWriting ? 1 : 0, Label(output))), null, "1 while the file is being written; 0 once writing had to stop.");
        meter.CreateObservableCounter(
            "observatory.output.written", () => outputs.Select(output => new Measurement<long>(output.Written, Label(output))), "By", "Bytes in the file and in those rotated away.");
        meter.CreateObservableCounter(
            "observatory.output.rotations", () => outputs.Select(output => new Measurement<long>(output.Rotations, Label(output))), null, "Times the file was rotated.");
        meter.CreateObservableCounter(
            "observatory.output.dropped", () => outputs.Select(output => new Measurement<long>(output.Dropped, Label(output))), null, "Records that could not be written to the file.");
    }

    private static KeyValuePair<string, object?> Label(BackgroundOutput output) => new("output", output.Name);
}

/// <summary>Instruments of the raw recording.</summary>
internal static class RecordingMetrics
{
    public static void Observe(IMeterFactory meters, BackgroundOutput file)
    {
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableCounter("observatory.recording.written", () => file.Written, "By", "Bytes in the .nettrace file.");
        meter.CreateObservableGauge(
            "observatory.recording.complete", () => file.IsComplete ? 1 : 0, null, "1 while everything that was received is in the .nettrace file, or will be.");
    }
}
