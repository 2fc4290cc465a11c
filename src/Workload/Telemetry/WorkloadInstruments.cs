using Observatory.Kernel;
using System.Diagnostics.Metrics;
using System.Diagnostics;
using Observatory.Contract;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>Every instrument of the workload. Tags are made once for each configuration.</summary>
internal sealed class WorkloadInstruments
{
    private readonly WorkloadConfiguration[] _study;
    private readonly KeyValuePair<string, object?>[][] _tags;
    private readonly StudyInstruments _studied;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _iterations;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _operations;
    private volatile WorkloadConfiguration? _current;

    /// <param name="factory">Makes the meter.</param>
    /// <param name="plan">What is measured, and with how many threads.</param>
    /// <param name="caches">Of the machine.</param>
    public WorkloadInstruments(IMeterFactory factory, SweepPlan plan, CpuCaches caches)
    {
        _study = [.. plan.Study];
        _tags = ConfigurationTags(_study);
        Meter meter = factory.Create(Meters.Workload);
        Machine = new MachineInstruments(meter, caches);
        _studied = new StudyInstruments(meter, plan, _tags, Machine, caches);
        _duration = meter.CreateHistogram(
            "workload.iteration.duration",
            "s",
            "Duration of one iteration, warm-up excluded.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets.IterationSeconds });
        _iterations = meter.CreateCounter<long>(
            "workload.iterations", "{iteration}", "Iterations done, warm-up excluded.");
        _tokens = meter.CreateCounter<long>(
            "workload.tokens",
            "{token}",
            "Tokens processed: batch size times sequence length per iteration; for decode, one for each sequence of the batch.");
        _operations = meter.CreateCounter<long>(
            "workload.floating_point_operations",
            "{operation}",
            "Floating point operations by the formula of the operation.");
        CreateLevels(meter, plan.MostThreads);
    }

    /// <summary>What the machine is and can do.</summary>
    public MachineInstruments Machine { get; }

    /// <summary>The configuration is the one in progress from now on.</summary>
    public void Enter(WorkloadConfiguration configuration) => _current = configuration;

    /// <summary>A visit to the configuration has ended; these are its results so far.</summary>
    public void Leave(WorkloadConfiguration configuration, ConfigurationResults results) =>
        _studied.Show(configuration, results);

    /// <summary>Counts one iteration that has ended, and how many seconds it took.</summary>
    public void Record(WorkloadConfiguration configuration, double seconds)
    {
        ReadOnlySpan<KeyValuePair<string, object?>> tags = _tags[configuration.Index];
        _duration.Record(seconds, tags);
        _iterations.Add(1, tags);
        _tokens.Add(configuration.Tokens, tags);
        _operations.Add(configuration.FloatingPointOperations, tags);
    }

    private static KeyValuePair<string, object?>[][] ConfigurationTags(WorkloadConfiguration[] study)
    {
        StudyAxes axes = study.Aggregate(StudyAxes.None, (found, configuration) => found | configuration.DiffersFrom(study[0]));
        return [.. study.Select(configuration => Labels.From(configuration with { Axes = axes }))];
    }

    private void CreateLevels(Meter meter, int threads)
    {
        meter.CreateObservableGauge(
            "workload.input_memory", InputBytes, "By", "Size of the input tensor of each configuration.");
        meter.CreateObservableGauge(
            "workload.intra_op_threads",
            () => _current?.Threads ?? threads,
            "{thread}",
            "Threads libtorch computes an operation with; where configurations differ, those of the one in progress.");
        meter.CreateObservableGauge(
            "workload.resident_memory", () => Environment.WorkingSet, "By", "Resident memory of the process.");
        meter.CreateObservableGauge(
            "workload.configuration.info", Current, unit: null, "1 for the configuration in progress.");
    }

    private IEnumerable<Measurement<long>> InputBytes() =>
        _study.Select(configuration => new Measurement<long>(configuration.InputBytes, _tags[configuration.Index]));

    private IEnumerable<Measurement<int>> Current() => _current is { } configuration
        ? [new(1, [.. _tags[configuration.Index].Where(tag => tag.Key != Labels.DataType), new(Labels.DataType, configuration.DataType)])]
        : [];
}

/// <summary>What each configuration costs by formula, and what was measured besides its latency.</summary>
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
            index => CacheLevel.Holding(
                _plan.Points[index].WorkingSetBytes, _caches.L1d, _caches.L2, _caches.L3, _plan.Points[index].Threads));
        Gauge(meter, "workload.peak_memory", "By",
            "Peak resident memory of the process while the configuration ran.",
            index => Volatile.Read(ref _shown[index])?.PeakBytes);
        Gauge(meter, "workload.roofline_share", null,
            "Floating point operations per second of the median iteration, as a share of what the roofline allows.", RooflineShare);
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
        StudyPoint point = _plan.Points[index];
        if (_machine.LimitsOf(point.Threads, point.Type) is not { BandwidthBytesPerSecond: { } bandwidth } limits
            || Peak(limits) is not { } peak)
        {
            return null;
        }

        double roof = Math.Min(peak, point.ArithmeticIntensity * bandwidth);
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

/// <summary>What the machine is and can do. A limit has no series until it was measured.</summary>
internal sealed class MachineInstruments
{
    private readonly CpuCaches _caches;
    private volatile IReadOnlyList<MachineLimits> _limits = [];

    public MachineInstruments(Meter meter, CpuCaches caches)
    {
        _caches = caches;
        meter.CreateObservableGauge(
            "workload.machine.peak_flops",
            Peaks,
            unit: null,
            "Highest floating point operations per second measured: kind gemm, of a matrix product; fma, in registers alone.");
        meter.CreateObservableGauge(
            "workload.machine.memory_bandwidth", Bandwidth, "By/s", "Bytes per second between memory and CPU, as STREAM's triad.");
        meter.CreateObservableGauge(
            "workload.machine.cache_size", Caches, "By", "Caches of the first CPU; level 3 is shared.");
    }

    /// <summary>The limits, once they were measured: of each number of threads and type. The first ones are shown.</summary>
    public IReadOnlyList<MachineLimits> Limits
    {
        set => _limits = value;
    }

    /// <summary>Null where they were not measured.</summary>
    public MachineLimits? LimitsOf(int threads, ElementType type) =>
        _limits.FirstOrDefault(limits => limits.Threads == threads && limits.Dtype == type.Name());

    private MachineLimits? First => _limits is [var first, ..] ? first : null;

    private IEnumerable<Measurement<double>> Peaks() =>
        Measured("kind", ("gemm", First?.GemmFlopsPerSecond), ("fma", First?.FmaFlopsPerSecond));

    private IEnumerable<Measurement<double>> Bandwidth() =>
        First?.BandwidthBytesPerSecond is { } bytes ? [new(bytes)] : [];

    private IEnumerable<Measurement<double>> Caches() =>
        Measured("level", ("1", _caches.L1d), ("2", _caches.L2), ("3", _caches.L3));

    private static IEnumerable<Measurement<double>> Measured(
        string label, params IEnumerable<(string Name, double? Value)> all) =>
        from one in all
        let value = one.Value
        where value is not null
        select new Measurement<double>((double)value, new KeyValuePair<string, object?>(label, one.Name));
}
