namespace Observatory.Kernel;

/// <summary>How the kernel is told to schedule a thread: its nice value, its class and the CPUs it may use.</summary>
/// <param name="Nice">-20 to 19: the higher, the less of a contended CPU it gets. Only means something for class 0 and 3.</param>
/// <param name="Policy">Scheduling class: 0 other, 1 FIFO, 2 round robin, 3 batch, 5 idle, 6 deadline; sched(7).</param>
/// <param name="AllowedCpus">CPUs of its affinity mask that are online.</param>
public readonly record struct ThreadScheduling(int Nice, int Policy, int AllowedCpus)
{
    // proc_pid_stat(5) counts from 1; the field after the name is the third.
    private const int FirstField = 3;
    private const int NiceField = 19;
    private const int PolicyField = 41;

    /// <summary>The name of its class, as chrt(1) and ps(1) know it.</summary>
    public string PolicyName => Policy switch
    {
        0 => "other", 1 => "FIFO", 2 => "round robin", 3 => "batch", 5 => "idle", 6 => "deadline", _ => $"class {Policy}",
    };

    /// <summary>How it is scheduled, to be read after <c>runs</c>: the nice value where it counts, and a class other than the usual one.</summary>
    public string InWords => Policy switch
    {
        0 => $"at nice {Nice}",
        1 => "under SCHED_FIFO",
        2 => "under SCHED_RR",
        3 => $"at nice {Nice} under SCHED_BATCH",
        5 => "under SCHED_IDLE",
        6 => "under SCHED_DEADLINE",
        _ => $"under scheduling class {Policy}",
    };

    /// <summary>Reads it from /proc. Readable by every uid.</summary>
    /// <returns>False when the thread is gone.</returns>
    public static bool TryRead(int process, int thread, out ThreadScheduling scheduling, string procRoot = "/proc")
    {
        scheduling = default;
        string folder = $"{procRoot}/{process}/task/{thread}";
        return KernelText.TryRead($"{folder}/stat", out string stat)
            && KernelText.TryRead($"{folder}/status", out string status)
            && OnlineCpus.TryRead(out int[] online)
            && TryParse(stat, status, online, out scheduling);
    }

    /// <summary>Parses the texts of <c>stat</c> and <c>status</c>.</summary>
    public static bool TryParse(string stat, string status, IReadOnlyCollection<int> online, out ThreadScheduling scheduling)
    {
        scheduling = default;
        string[] fields = stat.Substring(stat.LastIndexOf(')') + 1).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= PolicyField - FirstField) return false;
        if (!int.TryParse(fields[NiceField - FirstField], out int nice)) return false;
        if (!int.TryParse(fields[PolicyField - FirstField], out int policy)) return false;
        const string Key = "Cpus_allowed_list:";
        string? line = status.Split('\n').FirstOrDefault(text => text.StartsWith(Key, StringComparison.Ordinal));
        if (line is null || !CpuList.TryParse(line.AsSpan(Key.Length), out int[] allowed)) return false;
        scheduling = new ThreadScheduling(nice, policy, allowed.Count(online.Contains));
        return true;
    }
}
