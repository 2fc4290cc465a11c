using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>All instruments of the collector that findings are recorded with.</summary>
internal sealed class IterationMetrics : IFindingsSink
{
    private readonly ConfigurationLabelSets _labels = new();
    private readonly HashSet<ConfigurationLabels> _begun = [];
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
    public IterationMetrics(IMeterFactory meters, SourceStatus kernel, SourceStatus runtime)
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

    public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account)
    {
        ConfigurationLabels labels = LabelsOf(configuration);
        _iterationDuration.Record(account.Wall.Seconds, labels.Own);
        if (!account.IsComplete) _iterationsIncomplete.Add(1, labels.With(Names.MainReason(account.Reasons)));
        foreach (AccountState state in StateTimes.States)
        {
            // A series appears with the first complete account: nothing is shown as zero that was not measured.
            Duration time = account.Times[state];
            bool isMeasured = account.IsComplete && Measured.HasState(_kernel, _runtime, state);
            if (isMeasured || time > Duration.Zero) _iterationTime.Add(time.Seconds, labels.With(state));
        }
    }

    public void RunQueueWaited(Duration wait)
    {
        // Where wake-ups are not seen, a wait after one has no length: only a preemption tells how long it was.
        if (_kernel.Tier == Tiers.Kernel || wait > Duration.Zero) _runQueueLatency.Record(wait.Seconds);
    }

    public void Suspended(Duration suspension) => _suspensionDuration.Record(suspension.Seconds);

    private ConfigurationLabels LabelsOf(WorkloadConfiguration configuration)
    {
        ConfigurationLabels labels = _labels.For(configuration);
        if (!_begun.Add(labels)) return labels;
        // A series that began with its first count would hide that count from increase().
        foreach (IncompleteReasons reason in Names.ReasonsByWeight) _iterationsIncomplete.Add(0, labels.With(reason));
        return labels;
    }

    private static Histogram<double> Seconds(Meter meter, string name, string description, double[] boundaries) =>
        meter.CreateHistogram(
            name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });
}
