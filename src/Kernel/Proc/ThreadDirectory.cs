namespace Observatory.Kernel;

/// <summary>Who the threads of a process are, from /proc/PID/task/TID/stat.</summary>
public static class ThreadDirectory
{
    /// <summary>Reads every thread that a process has now. Readable by every uid.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <returns>One entry per thread, in no order; none when the process is gone or hidden.</returns>
    public static IReadOnlyList<ThreadInfo> Read(int processId, string procRoot = "/proc")
    {
        List<ThreadInfo> threads = [];
        foreach (int threadId in ProcessThreads.List(processId, procRoot))
        {
            if (!KernelText.TryRead($"{procRoot}/{processId}/task/{threadId}/stat", out string text)) continue;
            if (ThreadStat.TryParse(text, out ThreadInfo thread)) threads.Add(thread);
        }

        return threads;
    }
}
