using System.Diagnostics;
using System.Diagnostics.Tracing;

namespace Observatory.ChurnTarget;

/// <summary>Units of work of a program's own, as any EventSource tells them. Integers are long: others mix badly in EventPipe.</summary>
[EventSource(Name = "Observatory-Test-Jobs")]
internal sealed class JobEvents : EventSource
{
    public static readonly JobEvents Log = new();

    [Event(1)]
    public void JobStart(long id) => WriteEvent(1, id);

    [Event(2)]
    public void JobStop(long id) => WriteEvent(2, id);

    [Event(3)]
    public void StepStart() => WriteEvent(3);

    [Event(4)]
    public void StepStop() => WriteEvent(4);

    [Event(5)]
    public void OrderStart(long id) => WriteEvent(5, id);

    [Event(6)]
    public void OrderStop(long id) => WriteEvent(6, id);
}

/// <summary>Jobs, one after another.</summary>
internal static class Jobs
{
    private static readonly TimeSpan Half = TimeSpan.FromMilliseconds(2);
    private static long s_number;

    /// <summary>Computes, waits for a timer, and computes again on whichever thread it goes on; a step of it is a unit inside it.</summary>
    public static void Job(Random random) => JobAsync(Interlocked.Increment(ref s_number)).GetAwaiter().GetResult();

    /// <summary>Ends in a callback that the runtime does not know to belong to it; and an end comes that nothing began.</summary>
    public static void Order(Random random) => OrderAsync(Interlocked.Increment(ref s_number)).GetAwaiter().GetResult();

    private static async Task JobAsync(long id)
    {
        JobEvents.Log.JobStart(id);
        Compute();
        await Task.Delay(5).ConfigureAwait(false);
        JobEvents.Log.StepStart();
        Compute();
        JobEvents.Log.StepStop();
        JobEvents.Log.JobStop(id);
    }

    private static async Task OrderAsync(long id)
    {
        JobEvents.Log.OrderStart(id);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(
            ended =>
            {
                JobEvents.Log.OrderStop(id);
                JobEvents.Log.OrderStop(-id);
                ended.SetResult();
            },
            done,
            preferLocal: false);
        await done.Task.ConfigureAwait(false);
        Pause.For(5);
    }

    private static void Compute()
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Half) Thread.SpinWait(100);
    }
}
