using System.Diagnostics;

namespace Observatory.ChurnTarget;

/// <summary>For benchmarks: the same amount of work again and again, and what each took.</summary>
internal static class Rounds
{
    private const int Turns = 400;
    private const int Throws = 5_000;
    private const int Items = 50_000;

    /// <summary>
    /// Prints the wall time and the process's CPU time of each round in milliseconds, a line each, until the program is
    /// ended. On a machine that does other things too, CPU time says more.
    /// </summary>
    public static void Run(string work, Stop stop)
    {
        Action round = Of(work);
        while (!stop.IsAsked)
        {
            long begun = Stopwatch.GetTimestamp();
            TimeSpan used = CpuTime();
            round();
            double wall = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            Console.WriteLine($"{wall:F3} {(CpuTime() - used).TotalMilliseconds:F3}");
        }
    }

#if NET9_0_OR_GREATER
    private static TimeSpan CpuTime() => Environment.CpuUsage.TotalTime;
#else
    private static TimeSpan CpuTime()
    {
        using var own = Process.GetCurrentProcess();
        return own.TotalProcessorTime;
    }
#endif

    private static Action Of(string work) => work switch
    {
        "allocate" => Allocate,
        "throw" => Throw,
        "enqueue" => Enqueue,
        _ => throw new ArgumentException($"{work} is no work"),
    };

    private static void Allocate()
    {
        for (int turn = 0; turn < Turns; turn++) Allocation.Small(Random.Shared);
    }

    private static void Throw()
    {
        for (int i = 0; i < Throws; i++)
        {
            try
            {
                throw new InvalidTimeZoneException();
            }
            catch (InvalidTimeZoneException)
            {
                // Thrown to be caught.
            }
        }
    }

    private static void Enqueue()
    {
        using var done = new CountdownEvent(Items);
        for (int i = 0; i < Items; i++) ThreadPool.UnsafeQueueUserWorkItem(countdown => countdown.Signal(), done, preferLocal: false);
        done.Wait();
    }
}
