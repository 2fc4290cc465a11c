using Observatory.Contract;

namespace Observatory.Workload;

/// <summary>
/// Declares every configuration and beats once a second, for observers that attach late and for readers that hold
/// events back until a newer one comes. Disposing it does so a last time, so that the last iterations get through.
/// </summary>
/// <remarks>It has a thread of its own: a beat must not wait for a pool that the sweep keeps busy.</remarks>
internal sealed class Heartbeat : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<WorkloadConfiguration> _study;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    public Heartbeat(IReadOnlyList<WorkloadConfiguration> study)
    {
        _study = study;
        _thread = new Thread(Run) { Name = "heartbeat", IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        do
        {
            Beat();
        }
        while (!_stop.Wait(Interval));
        Beat();
    }

    private void Beat()
    {
        foreach (WorkloadConfiguration configuration in _study) WorkloadEventSource.Log.Declare(configuration);
        WorkloadEventSource.Log.Beat();
    }
}
