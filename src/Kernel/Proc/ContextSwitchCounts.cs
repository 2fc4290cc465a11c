namespace Observatory.Kernel;

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
