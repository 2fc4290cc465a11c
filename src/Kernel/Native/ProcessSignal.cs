using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>Signals to one process.</summary>
public static class ProcessSignal
{
    private const int Terminate = 15;

    /// <summary>Whether there is such a process, also where /proc hides it; kill(2) with signal 0.</summary>
    public static bool Exists(int processId)
    {
        if (processId <= 0) return false;
        return Libc.SendSignal(processId, 0) == 0 || Marshal.GetLastPInvokeError() == Errno.NotPermitted;
    }

    /// <summary>Asks a process to end, with SIGTERM; kill(2).</summary>
    /// <param name="processId">The process, in the caller's pid namespace.</param>
    /// <returns>False when the process is gone or may not be signalled.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Not positive: kill(2) takes those for groups.</exception>
    public static bool TryTerminate(int processId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        return Libc.SendSignal(processId, Terminate) == 0;
    }
}
