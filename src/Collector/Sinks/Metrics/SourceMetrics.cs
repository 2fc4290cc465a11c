using System.Diagnostics.Metrics;
using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>Instruments that are asked at each scrape: how the sources are doing, and what /proc counts.</summary>
internal static class SourceMetrics
{
    public static void Observe(IMeterFactory meters, IReadOnlyList<SourceStatus> sources, ContextSwitchSource switches)
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
            "Those of the lost events whose own numbers show the gap: iteration events.");
        meter.CreateObservableGauge(
            "observatory.source.up", () => sources.Select(Up), null, "1 while the source delivers.");
        meter.CreateObservableCounter(
            "process.context_switches", () => Switches(switches), null, "Context switches of the target.");
    }

    /// <summary>For the time before there is a target, too.</summary>
    public static void ObserveGap(IMeterFactory meters, SourceStatus runtime) =>
        meters.Create(Meters.Collector).CreateObservableCounter(
            "observatory.target.gap", () => runtime.Down.TotalSeconds, "s", "Time in which the collector ran and observed no target.");

    private static IEnumerable<Measurement<long>> Events(SourceStatus source) =>
        source.EventsByKind.Select(kind => new Measurement<long>(
            kind.Value, new("source", source.Name), new KeyValuePair<string, object?>("kind", kind.Key)));

    private static Measurement<long> Lost(SourceStatus source) =>
        new(source.Lost, new KeyValuePair<string, object?>("source", source.Name));

    private static Measurement<long> Missing(SourceStatus source) =>
        new(source.Missing, new KeyValuePair<string, object?>("source", source.Name));

    private static Measurement<int> Up(SourceStatus source) =>
        new(source.IsUp ? 1 : 0, new("source", source.Name), new KeyValuePair<string, object?>("tier", source.Tier));

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
