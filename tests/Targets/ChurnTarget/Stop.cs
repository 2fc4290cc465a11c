using System.Runtime.InteropServices;

namespace Observatory.ChurnTarget;

/// <summary>Ends the program when it is asked to (SIGTERM), or after a long time without that.</summary>
internal sealed class Stop : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private readonly ManualResetEventSlim _asked = new();
    private readonly PosixSignalRegistration _signal;

    public Stop() => _signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
    {
        context.Cancel = true;
        _asked.Set();
    });

    public bool IsAsked => _asked.IsSet;

    public void Wait() => _asked.Wait(Longest);

    public void Dispose()
    {
        _signal.Dispose();
        _asked.Dispose();
    }
}
