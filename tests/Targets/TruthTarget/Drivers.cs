using Observatory.Contract;

namespace Observatory.TruthTarget;

/// <summary>Threads that drive iterations at the same time, each as many as are asked for.</summary>
internal static class Drivers
{
    private const long Configuration = 0;

    public static void Run(TargetOptions options)
    {
        Observer.Await();
        Thread[] threads = [.. Enumerable.Range(0, (int)options.Drivers).Select(n => new Thread(() => Drive(options)) { Name = $"driver-{n}" })];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
    }

    private static void Drive(TargetOptions options)
    {
        using var never = new ManualResetEvent(false);
        for (long i = 0; i < options.Iterations; i++)
        {
            long iteration = WorkloadEventSource.Log.BeginIteration(Configuration);
            Computation.Run(options.ComputeMicroseconds);
            if (options.SleepMilliseconds > 0) never.WaitOne((int)options.SleepMilliseconds);
            WorkloadEventSource.Log.EndIteration(iteration, Configuration);
        }
    }
}

/// <summary>Whoever observes this process.</summary>
internal static class Observer
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Until a session is open, and three heartbeats longer: it is open a moment before it is read.</summary>
    public static void Await()
    {
        using var never = new ManualResetEvent(false);
        while (!WorkloadEventSource.Log.IsEnabled()) never.WaitOne(Poll);
        never.WaitOne(TimeSpan.FromSeconds(3));
    }
}
