using System.Runtime.InteropServices;

namespace Observatory.Collector;

/// <summary>Says when to stop: Ctrl-C, SIGTERM, or the end of the time that was asked for.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan? _duration;
    private readonly PosixSignalRegistration[] _signals;

    public StopSignal(TimeSpan? duration)
    {
        _duration = duration;
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
        ];
    }

    /// <summary>Cancelled when it is time to stop.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The time that was asked for begins now: every source listens.</summary>
    public void StartCountdown()
    {
        if (_duration is { } duration) _stop.CancelAfter(duration);
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals) signal.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        // The first asks us to finish; whoever sends a second one means it.
        context.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }
}
