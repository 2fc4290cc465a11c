namespace Observatory.Kernel;

/// <summary>Files, sockets and other descriptors that a process has open, from /proc/PID/fd; proc_pid_fd(5).</summary>
public static class OpenFiles
{
    /// <summary>Counts them. For the process's own user, and root.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="count">How many.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <returns>False when the process is gone, or another user's.</returns>
    public static bool TryCount(int processId, out long count, string procRoot = "/proc")
    {
        count = 0;
        try
        {
            count = Directory.EnumerateFileSystemEntries($"{procRoot}/{processId}/fd").LongCount();
            return true;
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
