using Observatory.Contract;
using Observatory.Study.Results;
using Observatory.Workload.Machine;
using Observatory.Workload.Options;
using Observatory.Workload.Study;
using Observatory.Workload.Sweep;

namespace Observatory.Workload.Results;

/// <summary>A sweep as a results file holds it.</summary>
internal static class StudyResultsOf
{
    public static StudyResults Sweep(SweepResults results, SweepPlan plan, CgroupFiles files) => new()
    {
        StartedAt = results.StartedAt,
        Machine = Fingerprint.Read(files, results.Torch, plan.Threads),
        Run = new RunSettings
        {
            Operations = [.. plan.Study.Select(configuration => configuration.Operation).Distinct()],
            Seed = plan.Seed,
            Order = plan.Order == SweepOrder.Shuffled ? "shuffled" : "listed",
            Warmup = plan.Warmup,
            Iterations = plan.Iterations,
            Passes = results.Passes,
        },
        Configurations = [.. plan.Study.Select(configuration => Of(configuration, results.Of(configuration)))],
    };

    private static MeasuredConfiguration Of(WorkloadConfiguration configuration, LatencyWindow window)
    {
        var point = new StudyPoint(
            (int)configuration.BatchSize, (int)configuration.SequenceLength, (int)configuration.EmbeddingDim);
        long tensors = (long)point.TensorBytes;
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
            PredictedMemoryBytes = tensors,
            WorkingSetBytes = tensors,
            ArithmeticIntensity = (double)configuration.FloatingPointOperations / tensors,
            DurationNs = window.Nanoseconds,
            DroppedSamples = window.Dropped > 0 ? window.Dropped : null,
            Visits = window.Visits,
        };
    }
}
