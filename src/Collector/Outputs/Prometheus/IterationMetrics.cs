using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>The histograms that findings are recorded with as they come.</summary>
internal sealed class IterationMetrics : IFindingsSink
{
    private readonly ConfigurationLabelSets _labels = new();
    private readonly SourceStatus _kernel;
    private readonly Histogram<double> _iterationDuration;
    private readonly Histogram<double> _runQueueLatency;
    private readonly Histogram<double> _suspensionDuration;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="kernel">Its tier says what is measured.</param>
    public IterationMetrics(IMeterFactory meters, SourceStatus kernel)
    {
        _kernel = kernel;
        Meter meter = meters.Create(Meters.Collector);
        _iterationDuration = meter.CreateSeconds(
            "observatory.iteration.duration", "Wall time of an iteration.", Buckets.IterationSeconds);
        _runQueueLatency = meter.CreateSeconds(
            "observatory.run_queue.latency",
            "Time a thread of the target waited for a CPU.",
            Buckets.ShortSeconds);
        _suspensionDuration = meter.CreateSeconds(
            "observatory.gc.suspension.duration",
            "Time the runtime kept its threads suspended.",
            Buckets.ShortSeconds);
    }

    public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account) =>
        _iterationDuration.Record(account.Wall.Seconds, _labels.For(configuration).Own);

    public void RunQueueWaited(ReadOnlySpan<Duration> waits)
    {
        // Where wake-ups are not seen, a wait after one has no length: only a preemption tells how long it was.
        bool seesWakeUps = _kernel.Tier == Tiers.Kernel;
        foreach (Duration wait in waits)
        {
            if (seesWakeUps || wait > Duration.Zero) _runQueueLatency.Record(wait.Seconds);
        }
    }

    public void Suspended(in Suspension suspension) => _suspensionDuration.Record(suspension.Time.Seconds);
}

/// <summary>Accounts by configuration, asked at each scrape, because they are added up already.</summary>
/// <param name="sums">Accounts by configuration.</param>
/// <param name="kernel">Its tier says which states are measured.</param>
/// <param name="runtime">Its tier says whether suspensions are.</param>
internal sealed class AccountMetrics(Func<IReadOnlyList<AccountSums>> sums, SourceStatus kernel, SourceStatus runtime)
{
    public void Observe(IMeterFactory meters)
    {
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableCounter(
            "observatory.iteration.time", () => sums().SelectMany(Times), "s", "Wall time of iterations, by what the driving thread was doing.");
        meter.CreateObservableCounter(
            "observatory.iterations.incomplete",
            () => sums().SelectMany(Incomplete),
            null,
            "Iterations whose account is incomplete, by the most telling reason.");
    }

    /// <summary>A series appears with the first complete account: nothing is shown as zero that was not measured.</summary>
    private IEnumerable<Measurement<double>> Times(AccountSums row)
    {
        bool hasComplete = row.Complete > 0;
        return StateTimes.States
            .Where(state => row.Times[state] > Duration.Zero || (hasComplete && Measured.HasState(kernel, runtime, state)))
            .Select(state => row.Measure(row.Times[state].Seconds, ConfigurationLabels.State, Names.State(state)));
    }

    /// <summary>Every reason from the first account on: a series that began with its first count would hide that count from increase().</summary>
    private static IEnumerable<Measurement<long>> Incomplete(AccountSums row) => Names.ReasonsByWeight.Select(
        reason => row.Measure(row.IncompleteBecause.GetValueOrDefault(reason), ConfigurationLabels.ReasonLabel, Names.Reason(reason)));
}
