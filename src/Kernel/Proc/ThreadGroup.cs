namespace Observatory.Kernel;

/// <summary>Which process a thread belongs to; <c>Tgid</c> in /proc/TID/status, proc_pid_status(5).</summary>
public static class ThreadGroup
{
    private const string Key = "Tgid:";

    /// <summary>Parses the text of a thread's status.</summary>
    /// <param name="status">The file's text.</param>
    /// <param name="processId">The process.</param>
    /// <returns>False when the line is missing or damaged.</returns>
    public static bool TryParse(ReadOnlySpan<char> status, out int processId)
    {
        processId = 0;
        foreach (ReadOnlySpan<char> line in status.EnumerateLines())
        {
            if (line.StartsWith(Key, StringComparison.Ordinal)) return int.TryParse(line[Key.Length..].Trim(), out processId);
        }

        return false;
    }

    /// <summary>Reads /proc/TID/status. Readable by every uid.</summary>
    /// <param name="threadId">The thread; it need not be the first of its process.</param>
    /// <param name="processId">Its process; 0 when the thread is gone.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <returns>False when the thread is gone or hidden.</returns>
    public static bool TryRead(int threadId, out int processId, string procRoot = "/proc")
    {
        processId = 0;
        return KernelText.TryRead($"{procRoot}/{threadId}/status", out string text) && TryParse(text, out processId);
    }
}
