namespace Observatory.Kernel;

/// <summary>The threads of a process, from /proc/PID/task; proc_pid_task(5).</summary>
public static class ProcessThreads
{
    /// <summary>Lists the threads that a process has now.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <returns>Thread ids in no order; none when the process is gone or hidden.</returns>
    public static IReadOnlyList<int> List(int processId, string procRoot = "/proc")
    {
        List<int> threads = [];
        try
        {
            foreach (string path in Directory.EnumerateDirectories($"{procRoot}/{processId}/task"))
            {
                if (int.TryParse(Path.GetFileName(path.AsSpan()), out int threadId)) threads.Add(threadId);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended while it was being listed: what has been seen was true then.
        }

        return threads;
    }

    /// <summary>Reads what a thread is called; proc_pid_comm(5).</summary>
    /// <param name="processId">The process.</param>
    /// <param name="threadId">The thread.</param>
    /// <param name="name">At most 15 bytes; empty when the thread is gone.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <returns>False when the thread is gone or hidden.</returns>
    public static bool TryReadName(int processId, int threadId, out string name, string procRoot = "/proc")
    {
        bool isRead = KernelText.TryRead($"{procRoot}/{processId}/task/{threadId}/comm", out string text);
        name = text.TrimEnd('\n');
        return isRead;
    }

    /// <summary>The threads of a process that have a name now.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="threadName">At most 15 bytes.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    public static IEnumerable<int> Named(int processId, string threadName, string procRoot = "/proc") =>
        List(processId, procRoot).Where(thread => TryReadName(processId, thread, out string name, procRoot) && name == threadName);

    /// <summary>True when a process has a thread now.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="threadId">The thread.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    public static bool Has(int processId, int threadId, string procRoot = "/proc") =>
        Directory.Exists($"{procRoot}/{processId}/task/{threadId}");
}

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
