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

/// <summary>Threads that come and go, and work for the thread pool.</summary>
internal static class Threads
{
    public static void StartAndEnd(Random random)
    {
        var thread = new Thread(() => Pause.For(5)) { IsBackground = true };
        thread.Start();
        thread.Join();
    }

    /// <summary>Work that is short.</summary>
    public static void Queue(Random random)
    {
        using var done = new CountdownEvent(20);
        for (int i = 0; i < 20; i++) ThreadPool.UnsafeQueueUserWorkItem(countdown => countdown.Signal(), done, preferLocal: false);
        done.Wait();
        Pause.For(5);
    }

    /// <summary>
    /// Work that blocks all workers there are, so that the pool adds some. Five blocked at a time: of twenty the pool never
    /// caught up on two CPUs, and each item of <see cref="Queue"/> waited through a collection, after which its address says nothing.
    /// </summary>
    public static void Starve(Random random)
    {
        ThreadPool.UnsafeQueueUserWorkItem(_ => Pause.For(2_000), null);
        Pause.For(400);
    }
}

/// <summary>Doing nothing for a while. Nothing waits for a condition here: to do nothing is what is wanted.</summary>
internal static class Pause
{
#pragma warning disable RS0030 // Banned in place of a condition; there is none.
    public static void For(int milliseconds) => Thread.Sleep(milliseconds);
#pragma warning restore RS0030
}
