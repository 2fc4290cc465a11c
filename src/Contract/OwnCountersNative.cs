using System.Runtime.InteropServices;

namespace Observatory.Contract;

/// <summary>
/// The two foreign functions of this project, which both processes load and which therefore cannot use those of
/// src/Kernel; docs/adr/0005-the-threads-own-counters.md.
/// </summary>
internal static partial class OwnCountersNative
{
    private const int ThreadCpuTime = 3;
    private const int CallingThread = 1;

    /// <summary>Time of the calling thread on a CPU, in nanoseconds, up to this instant; clock_gettime(2).</summary>
    public static long ReadCpuClock()
    {
        _ = GetTime(ThreadCpuTime, out TimeSpecification time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    /// <summary>Switches and faults of the calling thread; RUSAGE_THREAD of getrusage(2).</summary>
    public static ResourceUsage ReadUsage()
    {
        _ = GetUsage(CallingThread, out ResourceUsage usage);
        return usage;
    }

    // Neither can block, and both take less than the transition they are spared.
    [LibraryImport("libc", EntryPoint = "clock_gettime"), SuppressGCTransition]
    private static partial int GetTime(int clock, out TimeSpecification time);

    [LibraryImport("libc", EntryPoint = "getrusage"), SuppressGCTransition]
    private static partial int GetUsage(int who, out ResourceUsage usage);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpecification(long Seconds, long Nanoseconds);
}

/// <summary>Of struct rusage of a 64-bit Linux, the numbers that are of use.</summary>
[StructLayout(LayoutKind.Explicit, Size = 144)]
internal readonly struct ResourceUsage
{
    [FieldOffset(64)]
    public readonly long MinorFaults;

    [FieldOffset(72)]
    public readonly long MajorFaults;

    [FieldOffset(128)]
    public readonly long VoluntarySwitches;

    [FieldOffset(136)]
    public readonly long InvoluntarySwitches;
}
