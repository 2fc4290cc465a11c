using Observatory.Contract;

namespace Observatory.Targets;

/// <summary>What the contract asks of a workload beside its iterations: a heartbeat and its configuration, each second.</summary>
internal sealed class Pulse : IDisposable
{
    public const long Configuration = 0;

    private static readonly WorkloadConfiguration Declared =
        new(Configuration, "unit", BatchSize: 1, SequenceLength: 1, EmbeddingDim: 1, "none", Threads: 1, FloatingPointOperations: 1, InputBytes: 1);

    private readonly ManualResetEvent _end = new(false);
    private readonly Thread _thread;

    public Pulse()
    {
        _thread = new Thread(Run) { Name = "pulse" };
        _thread.Start();
    }

    public void Dispose()
    {
        _end.Set();
        _thread.Join();
        _end.Dispose();
        Beat();
    }

    private void Run()
    {
        do Beat();
        while (!_end.WaitOne(TimeSpan.FromSeconds(1)));
    }

    private static void Beat()
    {
        WorkloadEventSource.Log.Declare(Declared);
        WorkloadEventSource.Log.Beat();
    }
}
