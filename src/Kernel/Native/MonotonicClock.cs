namespace Observatory.Kernel;

/// <summary>The clock that every kernel record is stamped with.</summary>
public static class MonotonicClock
{
    internal const int ClockId = 1;

    /// <summary>CLOCK_MONOTONIC in nanoseconds, from clock_gettime(2): since boot, suspension left out.</summary>
    public static long NowNanoseconds()
    {
        _ = Libc.GetTime(ClockId, out TimeSpecification time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }
}
