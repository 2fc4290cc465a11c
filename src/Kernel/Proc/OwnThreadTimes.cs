namespace Observatory.Kernel;

/// <summary>How long the threads of this process have been on a CPU, by their names.</summary>
public static class OwnThreadTimes
{
    /// <summary>Reads /proc/self/task/TID/comm and schedstat; the running thread's own last tick is not in it.</summary>
    /// <param name="names">The names that matter, at most 15 bytes each.</param>
    /// <returns>Nanoseconds by name, of the threads that live; those of one name are added up.</returns>
    public static IReadOnlyDictionary<string, long> Read(IReadOnlyCollection<string> names)
    {
        Dictionary<string, long> times = [];
        int process = Environment.ProcessId;
        foreach (int thread in ProcessThreads.List(process))
        {
            if (!KernelText.TryRead($"/proc/{process}/task/{thread}/comm", out string comm)) continue;
            string name = comm.TrimEnd('\n');
            if (!names.Contains(name) || !ThreadSchedule.TryRead(process, thread, out ThreadSchedule schedule)) continue;
            times[name] = times.GetValueOrDefault(name) + schedule.Running;
        }

        return times;
    }
}
