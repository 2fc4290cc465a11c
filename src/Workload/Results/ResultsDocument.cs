using Observatory.Kernel;
using Observatory.Contract;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>A sweep as a results file holds it.</summary>
internal static class ResultsDocument
{
    public static StudyResults From(SweepResults results, SweepPlan plan, CgroupFiles files) => new()
    {
        StartedAt = results.StartedAt,
        Machine = Fingerprint.Read(files, results.Torch, plan.MostThreads),
        Limits = results.Limits is [var first, ..] ? first : null,
        FurtherLimits = results.Limits.Count > 1 ? [.. results.Limits.Skip(1)] : null,
        Run = Settings(results, plan),
        Configurations = [.. plan.Study.Select(configuration => Measured(configuration, plan, results))],
        LeftOut = [.. plan.LeftOut.Select(left => LeftOut(left.Point, left.Reason))],
    };

    private static RunSettings Settings(SweepResults results, SweepPlan plan) => new()
    {
        Preset = plan.Preset,
        Operations = [.. plan.Study.Select(configuration => configuration.Operation).Distinct()],
        Seed = plan.Seed,
        Order = plan.Order == SweepOrder.Shuffled ? "shuffled" : "listed",
        Outputs = plan.Outputs == OutputMemory.Fresh ? "fresh" : "reused",
        Warmup = plan.Warmup.Least,
        WarmupStable = plan.Warmup.UntilStable,
        Precision = plan.Precision,
        Iterations = plan.Iterations,
        Passes = results.Passes - results.PassesElsewhere,
        PlannedPasses = plan.Passes,
        MonotonicBeginNs = results.MonotonicBeginNs,
        LoadBefore = results.LoadBefore,
        Watched = results.Watched,
    };

    private static MeasuredConfiguration Measured(WorkloadConfiguration configuration, SweepPlan plan, SweepResults results)
    {
        StudyPoint point = plan.Points[(int)configuration.Index];
        ConfigurationResults recorded = results[configuration];
        LatencyWindow window = recorded.Latencies;
        return new MeasuredConfiguration
        {
            Operation = configuration.Operation,
            Batch = configuration.BatchSize,
            Sequence = configuration.SequenceLength,
            Dim = configuration.EmbeddingDim,
            Dtype = configuration.DataType,
            Threads = (int)configuration.Threads,
            Flops = configuration.FloatingPointOperations,
            InputBytes = configuration.InputBytes,
            PredictedMemoryBytes = (long)point.PeakBytes,
            WorkingSetBytes = point.WorkingSetBytes,
            ArithmeticIntensity = point.ArithmeticIntensity,
            PeakMemoryBytes = recorded.Memory?.Peak,
            BaselineMemoryBytes = recorded.Memory?.Baseline,
            MostAllocatedBytes = window.MostAllocated,
            DurationNs = [.. window.Samples.Select(sample => sample.Nanoseconds)],
            DroppedSamples = window.Dropped > 0 ? window.Dropped : null,
            Visits = window.Visits,
            Disturbances = [.. window.Samples.Select(sample => (int)sample.Disturbances)],
        };
    }

    private static LeftOutConfiguration LeftOut(StudyPoint point, string reason) => new(
        point.Operation.Name, point.Batch, point.Sequence, point.Dim, point.Type.Name(), point.Threads, reason);
}
