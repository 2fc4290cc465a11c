using Observatory.Contract;

namespace Observatory.Workload;

/// <summary>Results of one configuration; latency and rate are null where no iteration was done.</summary>
/// <param name="Operation">What was computed.</param>
/// <param name="BatchSize">First dimension of the input.</param>
/// <param name="SequenceLength">Second dimension of the input, in tokens.</param>
/// <param name="EmbeddingDim">Last dimension of the input.</param>
/// <param name="Iterations">Marked iterations.</param>
/// <param name="LatencySeconds">Their durations.</param>
/// <param name="Gflops">10^9 floating point operations per second at the median latency.</param>
internal sealed record ConfigurationSummary(
    string Operation,
    long BatchSize,
    long SequenceLength,
    long EmbeddingDim,
    long Iterations,
    LatencySummary? LatencySeconds,
    double? Gflops)
{
    public static ConfigurationSummary Of(WorkloadConfiguration configuration, LatencyWindow window)
    {
        LatencySummary? latency = window.Summarize();
        return new ConfigurationSummary(
            configuration.Operation,
            configuration.BatchSize,
            configuration.SequenceLength,
            configuration.EmbeddingDim,
            window.Count,
            latency,
            configuration.FloatingPointOperations / latency?.P50 / 1e9);
    }
}
