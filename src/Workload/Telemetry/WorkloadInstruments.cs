using System.Diagnostics.Metrics;
using Observatory.Contract;

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
        _tags = [.. _study.Select(Labels.Of)];
        Meter meter = factory.Create(Meters.Workload);
        Machine = new MachineInstruments(meter, caches);
        _studied = new StudyInstruments(meter, plan, _tags, Machine, caches);
        _duration = meter.CreateHistogram(
            "workload.iteration.duration",
            "s",
            "Duration of one iteration, warm-up left out.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets.IterationSeconds });
        _iterations = meter.CreateCounter<long>(
            "workload.iterations", "{iteration}", "Iterations done, warm-up left out.");
        _tokens = meter.CreateCounter<long>(
            "workload.tokens", "{token}", "Tokens processed: batch size times sequence length per iteration.");
        _operations = meter.CreateCounter<long>(
            "workload.floating_point_operations",
            "{operation}",
            "Floating point operations by the formula of the operation.");
        CreateLevels(meter, plan.Threads);
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

    private void CreateLevels(Meter meter, int threads)
    {
        meter.CreateObservableGauge(
            "workload.input_memory", InputBytes, "By", "Size of the input tensor of each configuration.");
        meter.CreateObservableGauge(
            "workload.intra_op_threads", () => threads, "{thread}", "Threads libtorch computes an operation with.");
        meter.CreateObservableGauge(
            "workload.resident_memory", () => Environment.WorkingSet, "By", "Resident memory of the process.");
        meter.CreateObservableGauge(
            "workload.configuration.info", Current, unit: null, "1 for the configuration in progress.");
    }

    private IEnumerable<Measurement<long>> InputBytes() =>
        _study.Select(configuration => new Measurement<long>(configuration.InputBytes, _tags[configuration.Index]));

    private IEnumerable<Measurement<int>> Current() => _current is { } configuration
        ? [new(1, [.. _tags[configuration.Index], new(Labels.DataType, configuration.DataType)])]
        : [];
}
