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

/// <summary>Context switches of the threads of a process, as proc_pid_status(5) counts them.</summary>
public static class ContextSwitchCounts
{
    private const string VoluntaryKey = "voluntary_ctxt_switches";
    private const string InvoluntaryKey = "nonvoluntary_ctxt_switches";

    /// <summary>Parses the text of /proc/PID/task/TID/status.</summary>
    /// <returns>False when either count is missing.</returns>
    public static bool TryParse(ReadOnlySpan<char> status, out long voluntary, out long involuntary)
    {
        (voluntary, involuntary) = (-1, -1);
        foreach (ReadOnlySpan<char> line in status.EnumerateLines())
        {
            int colon = line.IndexOf(':');
            if (colon < 0 || !long.TryParse(line[(colon + 1)..].Trim(), out long value)) continue;
            if (line[..colon].SequenceEqual(VoluntaryKey)) voluntary = value;
            if (line[..colon].SequenceEqual(InvoluntaryKey)) involuntary = value;
        }

        return voluntary >= 0 && involuntary >= 0;
    }

    /// <summary>Reads the counts of every thread that a process has now.</summary>
    /// <remarks>
    /// A thread takes its counts with it when it ends, so the sum over threads falls: add up differences per thread.
    /// </remarks>
    /// <param name="processId">The process.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <returns>One entry per thread; none when the process is gone.</returns>
    public static IReadOnlyList<ThreadSwitchCount> Read(int processId, string procRoot = "/proc")
    {
        List<ThreadSwitchCount> counts = [];
        foreach (int threadId in ProcessThreads.List(processId, procRoot))
        {
            if (!KernelText.TryRead($"{procRoot}/{processId}/task/{threadId}/status", out string status)) continue;
            if (TryParse(status, out long voluntary, out long involuntary))
                counts.Add(new ThreadSwitchCount(threadId, voluntary, involuntary));
        }

        return counts;
    }
}

/// <summary>How often one thread has left its CPU since it began.</summary>
/// <param name="ThreadId">The thread, in the pid namespace of the /proc that was read.</param>
/// <param name="Voluntary">Times it gave the CPU up, to wait.</param>
/// <param name="Involuntary">Times it lost the CPU while it wanted to go on.</param>
public readonly record struct ThreadSwitchCount(int ThreadId, long Voluntary, long Involuntary);
