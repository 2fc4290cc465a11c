using System.Runtime.InteropServices;

namespace Observatory.Workload;

/// <summary>
/// Everything that can ask a sweep to end: a signal, the end of standard input, the end of its time. The first signal
/// lets the current iteration finish; the second one gets the system's own answer, which ends the process.
/// </summary>
internal sealed class StopRequest : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;
    private readonly ILogger _logger;
    private int _signalled;
    private int _requested;

    public StopRequest(ILogger logger)
    {
        _logger = logger;
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>It was asked to end before its time: by a signal, or by the end of standard input.</summary>
    public bool IsInterrupted => Volatile.Read(ref _requested) != 0;

    /// <summary>Starts the clock of a sweep that has only so much time.</summary>
    public void After(TimeSpan duration) => _source.CancelAfter(duration);

    /// <summary>
    /// Stops when the stream ends. A parent that holds the other end of the pipe takes its child along, however it
    /// dies.
    /// </summary>
    public void WhenEnds(Stream input) =>
        new Thread(() => ReadToEnd(input)) { Name = "stdin", IsBackground = true }.Start();

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals) signal.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = Interlocked.Exchange(ref _signalled, 1) == 0;
        Request(context.Signal.ToString());
    }

    private void ReadToEnd(Stream input)
    {
        byte[] ignored = new byte[256];
        try
        {
            while (input.Read(ignored) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A terminal that went away is an end as well.
        }

        Request("end of standard input");
    }

    private void Request(string cause)
    {
        if (Interlocked.Exchange(ref _requested, 1) != 0) return;
        try
        {
            WorkloadLog.StopRequested(_logger, cause);
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The sweep had ended already.
        }
    }
}
