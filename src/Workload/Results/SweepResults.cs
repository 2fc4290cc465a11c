using Observatory.Contract;

namespace Observatory.Workload.Results;

/// <summary>What a sweep has done so far. Written by the driving thread only, read after it has ended.</summary>
/// <param name="configurations">How many the study has.</param>
internal sealed class SweepResults(int configurations)
{
    private readonly LatencyWindow[] _latencies =
        [.. Enumerable.Range(0, configurations).Select(_ => new LatencyWindow())];

    /// <summary>Complete passes.</summary>
    public long Passes { get; set; }

    /// <summary>Iterations that were marked and recorded.</summary>
    public long Iterations { get; private set; }

    /// <summary>Iterations that were not.</summary>
    public long WarmupIterations { get; set; }

    /// <summary>Version of libtorch.</summary>
    public string Torch { get; set; } = "";

    /// <summary>Adds one iteration and how many seconds it took.</summary>
    public void Record(WorkloadConfiguration configuration, double seconds)
    {
        Iterations++;
        _latencies[configuration.Index].Add(seconds);
    }

    public LatencyWindow Of(WorkloadConfiguration configuration) => _latencies[configuration.Index];
}
