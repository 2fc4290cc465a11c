using System.Diagnostics;
using Observatory.Contract;

namespace Observatory.Workload.Results;

/// <summary>What a sweep has done so far. Written by the driving thread only, read after it has ended.</summary>
/// <param name="configurations">How many the study has.</param>
/// <param name="time">Tells when the sweep began.</param>
internal sealed class SweepResults(int configurations, TimeProvider time)
{
    private readonly LatencyWindow[] _latencies =
        [.. Enumerable.Range(0, configurations).Select(_ => new LatencyWindow())];

    private long _begin;

    /// <summary>When the sweep began, in UTC.</summary>
    public DateTimeOffset StartedAt { get; private set; } = time.GetUtcNow();

    /// <summary>Complete passes.</summary>
    public long Passes { get; set; }

    /// <summary>Iterations that were marked and recorded.</summary>
    public long Iterations { get; private set; }

    /// <summary>Iterations that were not.</summary>
    public long WarmupIterations { get; set; }

    /// <summary>Version of libtorch.</summary>
    public string Torch { get; private set; } = "";

    /// <summary>The computation begins, with this version of libtorch.</summary>
    public void Begin(string torch)
    {
        Torch = torch;
        StartedAt = time.GetUtcNow();
        _begin = Stopwatch.GetTimestamp();
    }

    /// <summary>What is recorded for the configuration from now on belongs to a new visit.</summary>
    public void Visit(WorkloadConfiguration configuration) => Of(configuration).BeginVisit();

    /// <summary>Adds one iteration.</summary>
    /// <param name="configuration">What was computed.</param>
    /// <param name="start">Time stamp before it.</param>
    /// <param name="end">Time stamp after it.</param>
    public void Record(WorkloadConfiguration configuration, long start, long end)
    {
        Iterations++;
        Of(configuration).Add(Nanoseconds(end - start), Nanoseconds(start - _begin));
    }

    public LatencyWindow Of(WorkloadConfiguration configuration) => _latencies[configuration.Index];

    private static long Nanoseconds(long ticks) => (long)(ticks * (1e9 / Stopwatch.Frequency));
}
