using System.Text.Json.Serialization;

namespace Observatory.TruthTarget;

/// <summary>What the kernel counts for one thread, at an instant or between two. Times are nanoseconds.</summary>
/// <param name="At">CLOCK_MONOTONIC.</param>
/// <param name="Cpu">The thread's CPU clock.</param>
/// <param name="Waited">Time it was runnable without a CPU (schedstat's run_delay).</param>
/// <param name="Slices">Times it came onto a CPU (schedstat's pcount).</param>
/// <param name="Voluntary">Switches by which it gave its CPU up.</param>
/// <param name="Involuntary">Switches by which it lost its CPU.</param>
/// <param name="MinorFaults">Page faults without I/O.</param>
/// <param name="MajorFaults">Page faults with I/O.</param>
internal readonly record struct ThreadCounters(
    long At, long Cpu, long Waited, long Slices, long Voluntary, long Involuntary, long MinorFaults, long MajorFaults)
{
    /// <summary>What was counted since an earlier instant.</summary>
    public ThreadCounters Since(in ThreadCounters before) => new(
        At - before.At,
        Cpu - before.Cpu,
        Waited - before.Waited,
        Slices - before.Slices,
        Voluntary - before.Voluntary,
        Involuntary - before.Involuntary,
        MinorFaults - before.MinorFaults,
        MajorFaults - before.MajorFaults);
}

/// <summary>
/// One iteration as the kernel's counters have it, read just inside its two marks and just outside: what an observer
/// says about the time between the marks must lie between the two.
/// </summary>
internal sealed record IterationTruth(long Iteration, ThreadCounters Inside, ThreadCounters Outside);

/// <summary>The last line.</summary>
internal sealed record Written(long IterationsWritten);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IterationTruth))]
[JsonSerializable(typeof(Written))]
internal sealed partial class TruthJsonContext : JsonSerializerContext;
