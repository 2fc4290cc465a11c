using System.Diagnostics;
using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>What each configuration costs by formula, and what was measured beside its latency.</summary>
internal sealed class StudyInstruments
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SweepPlan _plan;
    private readonly KeyValuePair<string, object?>[][] _tags;
    private readonly MachineInstruments _machine;
    private readonly CpuCaches _caches;
    private readonly Shown?[] _shown;

    /// <param name="meter">Makes the instruments.</param>
    /// <param name="plan">The configurations.</param>
    /// <param name="tags">Labels of each.</param>
    /// <param name="machine">Knows the limits.</param>
    /// <param name="caches">Sizes a working set is compared with.</param>
    public StudyInstruments(
        Meter meter,
        SweepPlan plan,
        KeyValuePair<string, object?>[][] tags,
        MachineInstruments machine,
        CpuCaches caches)
    {
        (_plan, _tags, _machine, _caches) = (plan, tags, machine, caches);
        _shown = new Shown?[plan.Points.Count];
        Gauge(meter, "workload.arithmetic_intensity", null,
            "Floating point operations per byte that has to move between memory and CPU, by formula.",
            index => _plan.Points[index].ArithmeticIntensity);
        Gauge(meter, "workload.working_set", "By",
            "Bytes that one iteration touches, each counted once, by formula.",
            index => _plan.Points[index].WorkingSetBytes);
        Gauge(meter, "workload.predicted_memory", "By",
            "Most bytes of tensors that exist at once, by formula.",
            index => (double)_plan.Points[index].PeakBytes);
        Gauge(meter, "workload.cache_level", null,
            "The nearest cache that the working set fits into: 1 to 3, or 4 for memory.",
            index => CacheLevel.Of(
                _plan.Points[index].WorkingSetBytes, _caches.L1d, _caches.L2, _caches.L3, _plan.Threads));
        Gauge(meter, "workload.peak_memory", "By",
            "Most resident memory of the process while the configuration was in work.",
            index => Volatile.Read(ref _shown[index])?.PeakBytes);
        Gauge(meter, "workload.roofline_share", null,
            "Floating point operations per second at the median over what the roofline allows.", RooflineShare);
    }

    /// <summary>
    /// Takes over the results of a configuration; called by the driving thread between visits. A median takes a sort,
    /// which small configurations must not pay at each of their short visits.
    /// </summary>
    public void Show(WorkloadConfiguration configuration, ConfigurationResults results)
    {
        ref Shown? shown = ref _shown[configuration.Index];
        long now = Stopwatch.GetTimestamp();
        if (shown is { } last && Stopwatch.GetElapsedTime(last.At, now) < Interval) return;
        double? flops = configuration.FloatingPointOperations / results.Latencies.Summarize()?.P50;
        Volatile.Write(ref shown, new Shown(now, results.Memory?.Peak, flops));
    }

    /// <summary>Williams, Waterman and Patterson, Roofline (CACM 2009), with the higher of the two peaks.</summary>
    private double? RooflineShare(int index)
    {
        if (_machine.Limits is not { BandwidthBytesPerSecond: { } bandwidth } limits || Peak(limits) is not { } peak)
        {
            return null;
        }

        double roof = Math.Min(peak, _plan.Points[index].ArithmeticIntensity * bandwidth);
        return Volatile.Read(ref _shown[index])?.FlopsPerSecond / roof;
    }

    private static double? Peak(MachineLimits limits) =>
        limits.FmaFlopsPerSecond > limits.GemmFlopsPerSecond ? limits.FmaFlopsPerSecond : limits.GemmFlopsPerSecond;

    private void Gauge(Meter meter, string name, string? unit, string description, Func<int, double?> value) =>
        meter.CreateObservableGauge(name, () => All(value), unit, description);

    private IEnumerable<Measurement<double>> All(Func<int, double?> value) =>
        from index in Enumerable.Range(0, _plan.Points.Count)
        let one = value(index)
        where one is not null
        select new Measurement<double>(one.Value, _tags[index]);

    private sealed record Shown(long At, double? PeakBytes, double? FlopsPerSecond);
}
