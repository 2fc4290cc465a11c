using System.Diagnostics.Metrics;
using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>Causes of wall time, asked at each scrape. Names are in the answers of <c>why</c>, not here: series stay bounded.</summary>
internal static class CauseMetrics
{
    public static void Observe(IMeterFactory meters, Func<CauseSnapshot> found)
    {
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableCounter(
            "observatory.iteration.cause.time",
            () => found().Configurations.SelectMany(Measure),
            "s",
            "Wall time of iterations by its cause: work, workers, neighbour, own_threads, affinity, priority, quota, steal, gc, lock and so on; docs/explanations.md.");
        meter.CreateObservableCounter(
            "observatory.process.cause.time",
            () => Measure(found().Process),
            "s",
            "Time that threads of the target waited, also outside iterations, by cause.");
    }

    private static IEnumerable<Measurement<double>> Measure(ConfigurationCauses causes) => ByKind(causes.Times)
        .Select(pair => new Measurement<double>(pair.Seconds, [.. causes.Labels, new("cause", Cause.NameOf(pair.Kind))]));

    private static IEnumerable<Measurement<double>> Measure(CauseTimes times) =>
        ByKind(times).Select(pair => new Measurement<double>(pair.Seconds, new KeyValuePair<string, object?>("cause", Cause.NameOf(pair.Kind))));

    private static IEnumerable<(CauseKind Kind, double Seconds)> ByKind(CauseTimes times)
    {
        long[] kinds = times.ByKind();
        return Cause.Kinds.Where(kind => kinds[(int)kind] > 0).Select(kind => (kind, kinds[(int)kind] / 1e9));
    }
}
