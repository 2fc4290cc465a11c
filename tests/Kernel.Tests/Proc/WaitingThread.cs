namespace Observatory.Kernel.Tests;

/// <summary>A thread that gives its CPU up a known number of times, and lives until disposed.</summary>
internal sealed class WaitingThread : IDisposable
{
    private readonly ManualResetEventSlim _end = new();
    private readonly ManualResetEventSlim _started = new();
    private readonly Thread _thread;

    public WaitingThread(int waits, ManualResetEventSlim? start = null)
    {
        _thread = new Thread(() => Run(waits, start));
        _thread.Start();
        _started.Wait();
    }

    public static int CurrentId => (int)Libc.GetThreadId(SystemCall.GetThreadId);

    public int ThreadId { get; private set; }

    public ManualResetEventSlim Finished { get; } = new();

    public void Dispose()
    {
        if (!_thread.IsAlive) return;
        _end.Set();
        _thread.Join();
        _end.Dispose();
        _started.Dispose();
        Finished.Dispose();
    }

    private void Run(int waits, ManualResetEventSlim? start)
    {
        ThreadId = CurrentId;
        _started.Set();
        start?.Wait();
        using AutoResetEvent never = new(false);
        for (int i = 0; i < waits; i++) never.WaitOne(1);
        Finished.Set();
        _end.Wait();
    }
}
