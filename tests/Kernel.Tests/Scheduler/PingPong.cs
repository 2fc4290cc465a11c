namespace Observatory.Kernel.Tests;

/// <summary>Two threads that wake each other in turn until disposed.</summary>
internal sealed class PingPong : IDisposable
{
    private readonly AutoResetEvent _toFirst = new(false);
    private readonly AutoResetEvent _toSecond = new(true);
    private readonly CountdownEvent _started = new(2);
    private readonly Thread _first;
    private readonly Thread _second;
    private volatile bool _isEnding;

    public PingPong()
    {
        _first = new Thread(() => Run(id => FirstId = id, _toFirst, _toSecond));
        _second = new Thread(() => Run(id => SecondId = id, _toSecond, _toFirst));
        _first.Start();
        _second.Start();
        _started.Wait();
    }

    public int FirstId { get; private set; }

    public int SecondId { get; private set; }

    public void Dispose()
    {
        _isEnding = true;
        _first.Join();
        _second.Join();
        _toFirst.Dispose();
        _toSecond.Dispose();
        _started.Dispose();
    }

    private void Run(Action<int> report, AutoResetEvent own, AutoResetEvent other)
    {
        report(WaitingThread.CurrentId);
        _started.Signal();
        while (!_isEnding)
        {
            own.WaitOne();
            other.Set();
        }

        other.Set();
    }
}
