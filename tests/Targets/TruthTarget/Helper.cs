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
