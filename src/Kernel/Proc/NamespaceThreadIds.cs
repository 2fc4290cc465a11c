namespace Observatory.Kernel;

/// <summary>
/// Which of our thread ids a process in a pid namespace of its own means by its thread ids; <c>NSpid</c> in
/// /proc/PID/task/TID/status, proc_pid_status(5), Linux 4.1.
/// </summary>
public static class NamespaceThreadIds
{
    private const string Key = "NSpid:";

    /// <summary>Parses the text of a thread's status: its ids from the namespace of /proc inwards.</summary>
    /// <param name="status">The file's text.</param>
    /// <param name="ownId">The id in the thread's own namespace, the innermost.</param>
    /// <param name="ourId">The id in the namespace of the /proc that was read.</param>
    /// <returns>False when the line is missing or damaged.</returns>
    public static bool TryParse(ReadOnlySpan<char> status, out int ownId, out int ourId)
    {
        (ownId, ourId) = (0, 0);
        foreach (ReadOnlySpan<char> line in status.EnumerateLines())
        {
            if (!line.StartsWith(Key, StringComparison.Ordinal)) continue;
            ReadOnlySpan<char> ids = line[Key.Length..].Trim();
            (int first, int last) = (ids.IndexOf('\t'), ids.LastIndexOf('\t'));
            return int.TryParse(first < 0 ? ids : ids[..first], out ourId)
                && int.TryParse(ids[(last + 1)..], out ownId);
        }

        return false;
    }

    /// <summary>Reads the ids of every thread that a process has now. Readable by every uid.</summary>
    /// <param name="processId">The process, by its id in our namespace.</param>
    /// <param name="procRoot">Where procfs is mounted; its namespace is "ours".</param>
    /// <returns>Our id by the process's own; the same on both sides where the namespace is shared. Empty when the
    /// process is gone.</returns>
    public static IReadOnlyDictionary<int, int> Read(int processId, string procRoot = "/proc")
    {
        Dictionary<int, int> ours = [];
        foreach (int threadId in ProcessThreads.List(processId, procRoot))
        {
            if (!KernelText.TryRead($"{procRoot}/{processId}/task/{threadId}/status", out string status)) continue;
            if (TryParse(status, out int ownId, out int ourId)) ours[ownId] = ourId;
        }

        return ours;
    }
}
