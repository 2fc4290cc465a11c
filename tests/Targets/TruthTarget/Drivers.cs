using Observatory.Contract;

namespace Observatory.TruthTarget;

/// <summary>The thread that drives the iterations and keeps the books.</summary>
internal sealed class Driver(TargetOptions options)
{
    private const long Configuration = 0;
    private readonly List<IterationTruth> _truths = new((int)options.Iterations);

    /// <summary>What was measured, iteration by iteration.</summary>
    public IReadOnlyList<IterationTruth> Truths => _truths;

    /// <summary>Runs all iterations on a thread of their own.</summary>
    public void Run()
    {
        var thread = new Thread(Drive) { Name = "driver" };
        thread.Start();
        thread.Join();
    }

    private void Drive()
    {
        using var books = new ThreadBooks();
        using var helper = new Helper(options.BlockMicroseconds);
        Observer.Await();
        if (options.Gate is { } gate) DriveThroughGate(gate, books, helper);
        else DriveMeasured(options.Iterations, books, helper);
    }

    /// <summary>Measured iterations and, once the gate is there, the burst; both again or still until the gate is gone.</summary>
    private void DriveThroughGate(string gate, ThreadBooks books, Helper helper)
    {
        while (!File.Exists(gate)) DriveMeasured(1, books, helper);
        for (long i = 0; i < options.Burst; i++)
            WorkloadEventSource.Log.EndIteration(WorkloadEventSource.Log.BeginIteration(Configuration), Configuration);
        Console.Error.WriteLine("through the gate");
        while (File.Exists(gate)) DriveMeasured(1, books, helper);
        DriveMeasured(options.Iterations, books, helper);
    }

    private void DriveMeasured(long iterations, ThreadBooks books, Helper helper)
    {
        for (long i = 0; i < iterations; i++) _truths.Add(DriveOne(books, helper));
    }

    private IterationTruth DriveOne(ThreadBooks books, Helper helper)
    {
        ThreadCounters before = books.ReadSchedule();
        long iteration = WorkloadEventSource.Log.BeginIteration(Configuration);
        ThreadCounters began = books.ReadAll();
        Computation.Run(options.ComputeMicroseconds);
        helper.Compute();
        ThreadCounters ended = books.ReadAll();
        WorkloadEventSource.Log.EndIteration(iteration, Configuration);
        ThreadCounters after = books.ReadSchedule();
        return new IterationTruth(iteration, ended.Since(began), after.Since(before));
    }
}

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
        long began = Environment.TickCount64;
        for (long i = 0; i < options.Iterations; i++)
        {
            long iteration = WorkloadEventSource.Log.BeginIteration(Configuration);
            Computation.Run(options.ComputeMicroseconds + (options.SlowerMicroseconds * (Environment.TickCount64 - began) / 1000));
            if (options.SleepMilliseconds > 0) never.WaitOne((int)options.SleepMilliseconds);
            WorkloadEventSource.Log.EndIteration(iteration, Configuration);
        }
    }
}

/// <summary>What observes this process.</summary>
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
