using System.Diagnostics.Metrics;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>
/// Tells Prometheus which traces are kept, with their ids: enough for a dashboard to mark the moments and to list the
/// traces with links to the page. A series for each of the newest; one that is not told any more ends.
/// </summary>
internal static class TraceMetrics
{
    /// <summary>Traces with a series: new ones come every ten seconds at most, so a scrape misses none.</summary>
    public const int MostTold = 20;

    /// <param name="meter">Where the instruments are made.</param>
    /// <param name="newestFirst">The traces that are kept.</param>
    public static void Observe(Meter meter, Func<IReadOnlyList<TraceDocument>> newestFirst)
    {
        meter.CreateObservableGauge(
            "observatory.trace.captured_timestamp",
            () => newestFirst().Take(MostTold).Select(trace => new Measurement<double>(trace.CapturedAt.ToUnixTimeMilliseconds() / 1e3, Labels(trace))),
            "s",
            "When each of the newest traces was captured, in seconds since 1970; its id leads to it on the page: /?trace=ID.");
        meter.CreateObservableGauge(
            "observatory.trace.unit.duration",
            () => newestFirst().Take(MostTold).Where(trace => trace.Unit is not null)
                .Select(trace => new Measurement<double>(trace.Unit!.Wall, Labels(trace))),
            "s",
            "Wall time of the unit that each of the newest traces was captured for.");
    }

    private static KeyValuePair<string, object?>[] Labels(TraceDocument trace) =>
    [
        new("trace_id", trace.Id),
        new("trigger", trace.Trigger),
        new("unit", SafeText.Line(trace.Unit?.Name ?? "none")),
    ];
}
