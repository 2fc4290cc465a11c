using System.Diagnostics.Metrics;
using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>Instruments of the collector's effect on the target, asked at each scrape; there only with --observer-effect.</summary>
internal static class EffectMetrics
{
    public static void Observe(IMeterFactory meters, ObserverEffect effect)
    {
        Meter meter = meters.Create(Meters.Collector);
        Observe(
            "observatory.observer_effect.ratio",
            ratio => ratio.Ratio,
            "Time of units with the kernel observed over that in pauses of observation beside it. No series until it is known. The target's runtime session stays in the pauses.");
        Observe("observatory.observer_effect.low", ratio => ratio.Low, "Lower end of the interval (95 %) of observatory_observer_effect_ratio.");
        Observe("observatory.observer_effect.high", ratio => ratio.High, "Upper end of the interval (95 %) of observatory_observer_effect_ratio.");
        Observe("observatory.observer_effect.smallest", ratio => ratio.Smallest, "Smallest effect that could be detected, as a share: half of the interval's width.");
        meter.CreateObservableCounter(
            "observatory.observer_effect.pairs", () => effect.Finding().Pairs, null, "Pairs of stretches, with observation and without, that had units to compare.");
        meter.CreateObservableCounter(
            "observatory.observer_effect.paused", () => effect.Finding().Paused.Seconds, "s", "Time in which the kernel was not observed, on purpose; accounts of it are incomplete (paused).");

        void Observe(string name, Func<RatioEstimate, double> value, string description) => meter.CreateObservableGauge(
            name,
            () => effect.Finding().Ratio is { } ratio ? (Measurement<double>[])[new Measurement<double>(value(ratio))] : [],
            null,
            description);
    }
}
