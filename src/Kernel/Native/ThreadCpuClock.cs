namespace Observatory.Kernel;

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
