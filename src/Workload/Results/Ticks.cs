using System.Diagnostics;

namespace Observatory.Workload;

/// <summary>Differences of <see cref="Stopwatch.GetTimestamp"/>, which is CLOCK_MONOTONIC.</summary>
internal static class Ticks
{
    public static long ToNanoseconds(long ticks) => (long)(ticks * (1e9 / Stopwatch.Frequency));
}
