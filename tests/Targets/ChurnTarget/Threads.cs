namespace Observatory.ChurnTarget;

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

    /// <summary>Work that blocks all workers there are, and more work behind it.</summary>
    public static void Starve(Random random)
    {
        ThreadPool.UnsafeQueueUserWorkItem(_ => Pause.For(2_000), null);
        Pause.For(100);
    }
}
