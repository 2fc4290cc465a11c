using System.Diagnostics;
using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Instruments of suspensions and collections.</summary>
internal sealed class GcMetrics : IRuntimeEventHandler
{
    /// <summary>100 us to 1 s: few, because this histogram has a series for each configuration, generation and reason.</summary>
    private static readonly double[] PauseSeconds = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];

    private readonly ConfigurationLabels _labels;
    private readonly Histogram<double> _pauses;
    private readonly Histogram<double> _suspending;
    private readonly Histogram<double> _phases;
    private readonly Counter<long> _collections;

    public GcMetrics(IMeterFactory meters, ConfigurationLabels labels)
    {
        _labels = labels;
        Meter meter = meters.Create(Meters.Collector);
        _pauses = Seconds(
            meter,
            "observatory.gc.pause.duration",
            "Time all managed threads were suspended, by the generation collected, the reason, and the configuration that ran.",
            PauseSeconds);
        _suspending = Seconds(
            meter, "observatory.gc.time_to_suspend", "The first part of a pause: until the last thread stood still.", Buckets.ShortSeconds);
        _phases = Seconds(
            meter, "observatory.gc.background.phase.duration", "Phases of background collections.", Buckets.ShortSeconds);
        _collections = meter.CreateCounter<long>("observatory.gc.collections", null, "Collections that began.");
    }

    public void Paused(in GcPause pause, long? configuration)
    {
        TagList labels = _labels.Of(configuration);
        labels.Add("generation", pause.Generation is { } generation ? GenerationAfter.Names[generation] : "none");
        labels.Add("reason", pause.Reason);
        _pauses.Record(pause.Pause.Seconds, labels);
        _suspending.Record(pause.Suspending.Seconds);
    }

    public void CollectionBegan(in GcCollection collection) => _collections.Add(
        1,
        new("generation", GenerationAfter.Names[collection.Generation]),
        new("reason", collection.Reason),
        new KeyValuePair<string, object?>("type", collection.Kind));

    public void BackgroundPhaseEnded(string phase, Duration duration) =>
        _phases.Record(duration.Seconds, new KeyValuePair<string, object?>("phase", phase));

    private static Histogram<double> Seconds(Meter meter, string name, string description, double[] boundaries) =>
        meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });
}
