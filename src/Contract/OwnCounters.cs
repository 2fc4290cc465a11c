using System.Buffers.Text;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Observatory.Contract;

/// <summary>The kernel's counters of the calling thread. A reading allocates nothing but, once a thread, a handle.</summary>
internal static class OwnCounters
{
    /// <summary>Closed by its finalizer, some time after the thread has ended.</summary>
    [ThreadStatic]
    private static SafeFileHandle? _schedule;

    [ThreadStatic]
    private static bool _isOpened;

    /// <summary>True where the numbers can be read at all.</summary>
    public static bool AreSupported { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Reads them for an iteration that is about to start: the CPU clock last, as close to the start as possible.</summary>
    public static CountersPayload ReadBefore(long iteration)
    {
        long waited = ReadWaited();
        ResourceUsage usage = OwnCountersNative.ReadUsage();
        return Join(iteration, OwnCountersNative.ReadCpuClock(), waited, usage);
    }

    /// <summary>Reads them for an iteration that has just stopped: the CPU clock first.</summary>
    public static CountersPayload ReadAfter(long iteration)
    {
        long cpu = OwnCountersNative.ReadCpuClock();
        ResourceUsage usage = OwnCountersNative.ReadUsage();
        return Join(iteration, cpu, ReadWaited(), usage);
    }

    private static CountersPayload Join(long iteration, long cpu, long waited, in ResourceUsage usage) => new(
        iteration, cpu, waited, usage.VoluntarySwitches, usage.InvoluntarySwitches, usage.MinorFaults, usage.MajorFaults);

    /// <summary>The second of the three numbers in schedstat; Documentation/scheduler/sched-stats.rst.</summary>
    private static long ReadWaited()
    {
        if (!_isOpened) Open();
        if (_schedule is null) return CountersPayload.NotCounted;
        Span<byte> text = stackalloc byte[80];
        text = text[..RandomAccess.Read(_schedule, text, fileOffset: 0)];
        int space = text.IndexOf((byte)' ');
        return space >= 0 && Utf8Parser.TryParse(text[(space + 1)..], out long waited, out _)
            ? waited
            : CountersPayload.NotCounted;
    }

    private static void Open()
    {
        _isOpened = true;
        try
        {
            _schedule = File.OpenHandle("/proc/thread-self/schedstat");
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            // A kernel without CONFIG_SCHED_INFO: the number is then called not counted.
        }
    }
}

/// <summary>
/// The clocks and counters that a thread reads of itself. Observed programs load this project alone, so that it cannot use
/// the functions of src/Kernel; docs/adr/0005-the-threads-own-counters.md.
/// </summary>
internal static partial class OwnCountersNative
{
    private const int ThreadCpuTime = 3;
    private const int CallingThread = 1;

    /// <summary>Time of the calling thread on a CPU, in nanoseconds, up to this instant; clock_gettime(2).</summary>
    public static long ReadCpuClock()
    {
        _ = GetTime(ThreadCpuTime, out ClockTime time);
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
    private static partial int GetTime(int clock, out ClockTime time);

    [LibraryImport("libc", EntryPoint = "getrusage"), SuppressGCTransition]
    private static partial int GetUsage(int who, out ResourceUsage usage);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct ClockTime(long Seconds, long Nanoseconds);
}

/// <summary>The fields of struct rusage (64-bit Linux) that are used here.</summary>
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
