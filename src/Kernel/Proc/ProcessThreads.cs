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
}
