namespace Observatory.TruthTarget;

/// <summary>Two threads that wake each other until the process is ended: as many context switches as there can be.</summary>
internal static class Storm
{
    public static void Run()
    {
        AutoResetEvent first = new(false), second = new(true);
        new Thread(() => PingPong(first, second)) { IsBackground = true }.Start();
        PingPong(second, first);
    }

    private static void PingPong(AutoResetEvent own, AutoResetEvent other)
    {
        while (true)
        {
            own.WaitOne();
            other.Set();
        }
    }
}
