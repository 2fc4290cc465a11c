using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>All instruments of the collector that findings are recorded with.</summary>
internal sealed class CollectorMetrics : IFindingsSink
{
    private readonly Dictionary<long, ConfigurationSeries> _series = [];
    private readonly SourceStatus _kernel;
    private readonly SourceStatus _runtime;
    private readonly Counter<double> _iterationTime;
    private readonly Counter<long> _iterationsIncomplete;
    private readonly Histogram<double> _iterationDuration;
    private readonly Histogram<double> _runQueueLatency;
    private readonly Histogram<double> _suspensionDuration;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="kernel">Its tier says which states are measured.</param>
    /// <param name="runtime">Its tier says whether suspensions are.</param>
    public CollectorMetrics(IMeterFactory meters, SourceStatus kernel, SourceStatus runtime)
    {
        _kernel = kernel;
        _runtime = runtime;
        Meter meter = meters.Create(Meters.Collector);
        _iterationTime = meter.CreateCounter<double>(
            "observatory.iteration.time", "s", "Wall time of iterations, by what the driving thread was doing.");
        _iterationsIncomplete = meter.CreateCounter<long>(
            "observatory.iterations.incomplete", null, "Iterations of which something is missing, by the most telling reason.");
        _iterationDuration = Seconds(
            meter, "observatory.iteration.duration", "Wall time of an iteration.", Buckets.IterationSeconds);
        _runQueueLatency = Seconds(
            meter,
            "observatory.run_queue.latency",
            "Time a thread of the target waited for a CPU.",
            Buckets.ShortSeconds);
        _suspensionDuration = Seconds(
            meter,
            "observatory.gc.suspension.duration",
            "Time the runtime kept its threads suspended.",
            Buckets.ShortSeconds);
    }

    public void IterationClosed(WorkloadConfiguration configuration, in IterationAccount account)
    {
        ConfigurationSeries series = SeriesOf(configuration);
        _iterationDuration.Record(account.Wall.Seconds, series.Configuration);
        if (!account.IsComplete) _iterationsIncomplete.Add(1, series.Of(ReasonNames.MainOf(account.Reasons)));
        foreach (AccountState state in StateTimes.States)
        {
            // A series appears with the first complete account: nothing is shown as zero that was not measured.
            Duration time = account.Times[state];
            bool isMeasured = account.IsComplete && MeasuredStates.Has(_kernel, _runtime, state);
            if (isMeasured || time > Duration.Zero) _iterationTime.Add(time.Seconds, series.Of(state));
        }
    }

    public void RunQueueWaited(Duration wait)
    {
        // Where wake-ups are not seen, a wait after one has no length: only a preemption tells how long it was.
        if (_kernel.Tier == Tiers.Kernel || wait > Duration.Zero) _runQueueLatency.Record(wait.Seconds);
    }

    public void Suspended(Duration suspension) => _suspensionDuration.Record(suspension.Seconds);

    private ConfigurationSeries SeriesOf(WorkloadConfiguration configuration)
    {
        if (_series.TryGetValue(configuration.Index, out ConfigurationSeries? series)) return series;
        _series.Add(configuration.Index, series = new ConfigurationSeries(configuration));
        // A series that began with its first count would hide that count from increase().
        foreach (IncompleteReasons reason in ReasonNames.All) _iterationsIncomplete.Add(0, series.Of(reason));
        return series;
    }

    private static Histogram<double> Seconds(Meter meter, string name, string description, double[] boundaries) =>
        meter.CreateHistogram(
            name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });
}
