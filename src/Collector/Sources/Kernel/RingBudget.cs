using System.Numerics;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>How large the kernel's rings should be: as large as this machine's CPUs share a fixed amount of memory.</summary>
/// <remarks>
/// A switch takes 40 bytes, a waking 72: 16 MiB hold about 300,000 records. At the million a second over two CPUs that
/// docs/adr/0002-perf-records.md measured, that is half a second; with many CPUs the load is spread and each ring may be
/// smaller.
/// </remarks>
internal static class RingBudget
{
    private const int Total = 64 << 20;
    private const int Smallest = 2 << 20;
    private const int Largest = 16 << 20;

    /// <summary>The recording to ask for on this machine.</summary>
    /// <exception cref="KernelAccessException">The kernel does not say which CPUs it has.</exception>
    public static SchedulerRecordingOptions ForThisMachine() => For(OnlineCpus.Read().Length);

    /// <summary>The recording to ask for on a machine with this many CPUs.</summary>
    public static SchedulerRecordingOptions For(int cpus) => new()
    {
        RingBytesPerCpu = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Total / Math.Max(1, cpus), Smallest, Largest)),
    };
}
