namespace Observatory.Kernel;

/// <summary>
/// Measures what a minor page fault costs: touches fresh anonymous memory, a byte a page, and divides the thread's CPU time
/// by the faults that the kernel counted for it.
/// </summary>
/// <remarks>
/// The fault that is measured is the commonest one: a page of the base size that is zeroed and mapped. Not in it: huge pages
/// (one fault zeroes 2 MiB), pages of files and copies on write, waiting for other threads that change the same address
/// space, and devices (major faults).
/// </remarks>
public static class FaultCalibration
{
    private const int Rounds = 7;

    // Enough for the clock and for the code that counts to vanish beside it, few enough for some milliseconds in all.
    private const int Pages = 1024;

    /// <summary>Measures on the calling thread, some 10 ms and 4 MiB for that long.</summary>
    /// <returns>Null where memory or the kernel's count is not available.</returns>
    public static FaultCost? Measure()
    {
        List<double> costs = [];
        long fewest = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            if (TryMeasureRound(out long nanoseconds, out long faults) is false || faults < Pages) continue;
            costs.Add(nanoseconds / 1e9 / faults);
            fewest = Math.Min(fewest, faults);
        }

        if (costs.Count == 0) return null;
        costs.Sort();
        return new FaultCost(costs[costs.Count / 2], costs[0], costs[^1], costs.Count, fewest);
    }

    private static bool TryMeasureRound(out long nanoseconds, out long faults)
    {
        (nanoseconds, faults) = (0, 0);
        using FreshPages? pages = FreshPages.TryMap(Pages);
        if (pages is null || !TryCountFaults(out long before)) return false;
        long begun = ThreadCpuClock.NowNanoseconds();
        pages.TouchAll();
        nanoseconds = ThreadCpuClock.NowNanoseconds() - begun;
        if (!TryCountFaults(out long after)) return false;
        faults = after - before;
        return true;
    }

    private static bool TryCountFaults(out long minor)
    {
        minor = 0;
        if (!KernelText.TryRead("/proc/thread-self/stat", out string text)) return false;
        if (!ThreadStat.TryParse(text, out ThreadInfo thread)) return false;
        minor = thread.MinorFaults;
        return true;
    }
}

/// <summary>What a minor page fault costs a thread on this machine: CPU time in seconds.</summary>
/// <param name="Seconds">Median over the rounds.</param>
/// <param name="Lowest">The cheapest round.</param>
/// <param name="Highest">The most expensive round.</param>
/// <param name="Rounds">How often it was measured.</param>
/// <param name="FaultsPerRound">Faults that the kernel counted in each.</param>
public sealed record FaultCost(double Seconds, double Lowest, double Highest, int Rounds, long FaultsPerRound);
