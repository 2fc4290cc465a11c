using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>The clock that every kernel record is stamped with.</summary>
public static class MonotonicClock
{
    internal const int ClockId = 1;

    // clock_gettime(2).
    private const int RealTimeId = 0;
    private const int BootTimeId = 7;

    /// <summary>CLOCK_MONOTONIC in nanoseconds, from clock_gettime(2): since boot, suspension left out.</summary>
    public static long NowNanoseconds() => Read(ClockId);

    /// <summary>What CLOCK_BOOTTIME is ahead: the time for which the machine was suspended.</summary>
    public static long BootTimeAheadNanoseconds() => Ahead(BootTimeId);

    /// <summary>What CLOCK_REALTIME is ahead now.</summary>
    public static long RealTimeAheadNanoseconds() => Ahead(RealTimeId);

    private static long Ahead(int clock)
    {
        // The other one between two readings of this one: what passes meanwhile is halved.
        long before = Read(ClockId);
        long other = Read(clock);
        return other - (before + ((Read(ClockId) - before) / 2));
    }

    private static long Read(int clock)
    {
        _ = Libc.GetTime(clock, out TimeSpecification time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }
}

/// <summary>How long the calling thread has been on a CPU.</summary>
public static class ThreadCpuClock
{
    private const int ClockId = 3;

    /// <summary>CLOCK_THREAD_CPUTIME_ID in nanoseconds, from clock_gettime(2).</summary>
    /// <remarks>
    /// The kernel adds up to the present instant what /proc/PID/task/TID/schedstat only knows up to the last tick. Both
    /// leave out what the hypervisor took (CONFIG_PARAVIRT_TIME_ACCOUNTING).
    /// </remarks>
    public static long NowNanoseconds()
    {
        _ = Libc.GetTime(ClockId, out TimeSpecification time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }
}

/// <summary>struct timespec of a 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TimeSpecification(long Seconds, long Nanoseconds);
