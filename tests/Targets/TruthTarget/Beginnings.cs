namespace Observatory.TruthTarget;

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
