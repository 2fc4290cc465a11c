namespace Observatory.Kernel;

/// <summary>What a process calls itself: the name of its first thread, at most 15 bytes; proc_pid_comm(5).</summary>
public static class ProcessName
{
    /// <summary>Reads /proc/PID/comm. Readable by every uid.</summary>
    /// <param name="processId">The process; a thread's id is answered with that thread's name.</param>
    /// <param name="name">The name; empty when the process is gone.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <returns>False when the process is gone or hidden.</returns>
    public static bool TryRead(int processId, out string name, string procRoot = "/proc")
    {
        bool isRead = KernelText.TryRead($"{procRoot}/{processId}/comm", out string text);
        name = text.TrimEnd('\n');
        return isRead;
    }
}
