namespace Observatory.TruthTarget;

/// <summary>A thread that computes on behalf of the driving one, which is blocked meanwhile.</summary>
internal sealed class Helper : IDisposable
{
    // Events of the kernel's kind: the slim ones spin before they block.
    private readonly AutoResetEvent _asked = new(false);
    private readonly AutoResetEvent _done = new(false);
    private readonly Thread _thread;
    private readonly long _microseconds;
    private volatile bool _isEnding;

    public Helper(long microseconds)
    {
        _microseconds = microseconds;
        _thread = new Thread(Run) { Name = "helper" };
        _thread.Start();
    }

    /// <summary>Blocks until the computation is done.</summary>
    public void Compute()
    {
        if (_microseconds <= 0) return;
        _asked.Set();
        _done.WaitOne();
    }

    public void Dispose()
    {
        _isEnding = true;
        _asked.Set();
        _thread.Join();
        _asked.Dispose();
        _done.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _asked.WaitOne();
            if (_isEnding) return;
            Computation.Run(_microseconds);
            _done.Set();
        }
    }
}

/// <summary>Begins a thread every so often, which ends when the next is due: a pool that grows and shrinks beside the iterations.</summary>
internal sealed class Beginnings : IDisposable
{
    private readonly ManualResetEvent _end = new(false);
    private readonly Thread? _thread;

    /// <param name="milliseconds">Between two of them; 0 begins none.</param>
    public Beginnings(long milliseconds)
    {
        if (milliseconds <= 0) return;
        _thread = new Thread(() => Run(TimeSpan.FromMilliseconds(milliseconds))) { Name = "beginnings" };
        _thread.Start();
    }

    public void Dispose()
    {
        _end.Set();
        _thread?.Join();
        _end.Dispose();
    }

    private void Run(TimeSpan interval)
    {
        while (!_end.WaitOne(interval))
        {
            var begun = new Thread(() => Live(interval));
            begun.Start();
            begun.Join();
        }
    }

    private void Live(TimeSpan time)
    {
        Computation.Run(microseconds: 100);
        _end.WaitOne(time);
    }
}

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
