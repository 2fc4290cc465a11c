using System.Diagnostics;

namespace Observatory.ChurnTarget;

/// <summary>For benchmarks: the same amount of allocation again and again, and how long each took.</summary>
internal static class AllocationRounds
{
    private const int TurnsInRound = 400;

    /// <summary>Prints the time of each round in milliseconds, a line each, and the bytes of one round first.</summary>
    public static void Run(int rounds)
    {
        var random = new Random(4711);
        Allocation.Small(random);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Round(random);
        Console.WriteLine(GC.GetAllocatedBytesForCurrentThread() - before);
        for (int round = 0; round < rounds; round++)
        {
            long begun = Stopwatch.GetTimestamp();
            Round(random);
            Console.WriteLine(Stopwatch.GetElapsedTime(begun).TotalMilliseconds.ToString("F3"));
        }
    }

    private static void Round(Random random)
    {
        for (int turn = 0; turn < TurnsInRound; turn++) Allocation.Small(random);
    }
}
