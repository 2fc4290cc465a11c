using System.Diagnostics.Metrics;
using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>Causes of wall time, asked at each scrape. Names are in the answers of <c>why</c>, not here: series stay bounded.</summary>
internal static class CauseMetrics
{
    /// <summary>The instrument of causes by configuration.</summary>
    public const string OfIterations = "observatory.iteration.cause.time";

    public static void Observe(IMeterFactory meters, CauseSink found)
    {
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableCounter(
            OfIterations,
            () => found.ByConfiguration().SelectMany(one => Measure(one.Kinds, one.Labels)),
            "s",
            "Wall time of iterations by its cause: work, workers, neighbour, own_threads, affinity, priority, throttled, steal, gc, lock and so on; docs/explanations.md.");
        meter.CreateObservableCounter(
            "observatory.unit.cause.time",
            () => found.ByRequest().SelectMany(one => Measure(one.Kinds, one.Labels)),
            "s",
            "Wall time of requests by its cause: as of iterations, queue (the thread pool's) and awaiting; docs/explanations.md.");
        meter.CreateObservableCounter(
            "observatory.process.cause.time",
            () => Measure(found.OfProcess(), []),
            "s",
            "Time that threads of the target waited, also outside iterations, by cause.");
    }

    /// <param name="kinds">Nanoseconds by kind.</param>
    /// <param name="labels">Whose they are.</param>
    private static IEnumerable<Measurement<double>> Measure(long[] kinds, IReadOnlyList<KeyValuePair<string, object?>> labels) =>
        Cause.Kinds.Where(kind => kinds[(int)kind] > 0)
            .Select(kind => new Measurement<double>(kinds[(int)kind] / 1e9, [.. labels, new("cause", Cause.NameOf(kind))]));
}
