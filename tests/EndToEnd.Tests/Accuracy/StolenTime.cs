using System.Globalization;

namespace Observatory.EndToEnd.Tests;

/// <summary>Time that the hypervisor took from all CPUs together, proc_stat(5).</summary>
internal static class StolenTime
{
    // USER_HZ, which is 100 on every architecture that .NET runs on.
    private const long NanosecondsPerTick = 10_000_000;

    /// <summary>Since boot, in nanoseconds, in steps of ten milliseconds for each CPU.</summary>
    public static long Read()
    {
        string line = File.ReadLines("/proc/stat").First();
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(fields[8], CultureInfo.InvariantCulture) * NanosecondsPerTick;
    }
}
