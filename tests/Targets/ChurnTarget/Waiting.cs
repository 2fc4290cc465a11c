namespace Observatory.ChurnTarget;

/// <summary>Threads that wait.</summary>
internal static class Waiting
{
    private static readonly object Entry = new();
    private static readonly Lazy<Thread> Holder = new(StartHolder);
    private static readonly object Signal = new();
    private static readonly ManualResetEvent Never = new(false);

    public static void Idle(Random random) => Pause.For(100);

    /// <summary>Wants what another thread holds nearly all the time.</summary>
    public static void OnLock(Random random)
    {
        _ = Holder.Value;
        lock (Entry) Thread.SpinWait(10);
        Pause.For(1);
    }

    public static void OnHandle(Random random)
    {
        Never.WaitOne(10);
        lock (Signal) Monitor.Wait(Signal, 10);
    }

    private static Thread StartHolder()
    {
        var holder = new Thread(() =>
        {
            while (true)
            {
                lock (Entry) Pause.For(5);
            }
        }) { Name = "holder", IsBackground = true };
        holder.Start();
        return holder;
    }
}
