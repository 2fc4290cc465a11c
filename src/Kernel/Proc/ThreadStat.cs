namespace Observatory.Kernel;

/// <summary>One thread as the kernel sees it now; /proc/PID/task/TID/stat.</summary>
/// <param name="ThreadId">The thread, in the pid namespace of the /proc that was read.</param>
/// <param name="Name">Its own name, at most 15 bytes; threads of one process may bear different ones.</param>
/// <param name="State">R running or runnable, S sleeping, D waiting for a device, and so on; proc_pid_stat(5).</param>
/// <param name="Processor">The CPU that it last ran on.</param>
/// <param name="MinorFaults">Page faults since it began that needed no device.</param>
/// <param name="MajorFaults">Page faults since it began that read from a device.</param>
public readonly record struct ThreadInfo(
    int ThreadId,
    string Name,
    char State,
    int Processor,
    long MinorFaults,
    long MajorFaults);

/// <summary>Parses the text of /proc/PID/task/TID/stat; proc_pid_stat(5).</summary>
public static class ThreadStat
{
    // proc_pid_stat(5) counts from 1 and the name is its field 2: field 3 is the first one after the name.
    private const int FirstField = 3;
    private const int FlagsField = 9;
    private const int MinorFaultsField = 10;
    private const int MajorFaultsField = 12;
    private const int ProcessorField = 39;

    // include/linux/sched.h: PF_KTHREAD.
    private const long KernelThread = 0x0020_0000;

    /// <summary>Parses one line, <c>TID (NAME) STATE ...</c>.</summary>
    /// <param name="text">The file's text. The name may hold spaces and parentheses.</param>
    /// <param name="thread">What it says.</param>
    /// <returns>False when a field is missing or not a number.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out ThreadInfo thread)
    {
        thread = default;
        // Nothing after the name holds a parenthesis: the last one ends it, whatever the name is.
        (int open, int close) = (text.IndexOf('('), text.LastIndexOf(')'));
        if (open < 0 || close < open || !int.TryParse(text[..open].Trim(), out int threadId)) return false;

        ReadOnlySpan<char> fields = text[(close + 1)..].Trim();
        Span<Range> parts = stackalloc Range[ProcessorField - FirstField + 2];
        int count = fields.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries);
        if (count <= ProcessorField - FirstField || fields[parts[0]].Length != 1) return false;
        if (!long.TryParse(fields[parts[MinorFaultsField - FirstField]], out long minor)) return false;
        if (!long.TryParse(fields[parts[MajorFaultsField - FirstField]], out long major)) return false;
        if (!int.TryParse(fields[parts[ProcessorField - FirstField]], out int processor)) return false;
        string name = text[(open + 1)..close].ToString();
        thread = new ThreadInfo(threadId, name, fields[parts[0]][0], processor, minor, major);
        return true;
    }

    /// <summary>True where the line is of a thread of the kernel.</summary>
    internal static bool IsOfKernel(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> fields = text[(text.LastIndexOf(')') + 1)..].Trim();
        Span<Range> parts = stackalloc Range[FlagsField - FirstField + 2];
        return fields.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries) > FlagsField - FirstField
            && long.TryParse(fields[parts[FlagsField - FirstField]], out long flags)
            && (flags & KernelThread) != 0;
    }
}

/// <summary>The threads of a process, from /proc/PID/task/TID/stat.</summary>
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

    /// <summary>True for a thread of the kernel itself, whatever it is called. Readable by every uid.</summary>
    /// <returns>False also when it is gone or hidden.</returns>
    public static bool IsOfKernel(int threadId, string procRoot = "/proc") =>
        KernelText.TryRead($"{procRoot}/{threadId}/stat", out string text) && ThreadStat.IsOfKernel(text);

    /// <summary>True while a signal or a debugger has stopped the main thread of a process, and with it all of them.</summary>
    /// <param name="stat">/proc/PID/stat, which stays open.</param>
    public static bool IsStopped(CounterFile stat)
    {
        Span<byte> buffer = stackalloc byte[CounterFile.BufferBytes];
        ReadOnlySpan<byte> text = stat.Read(buffer);
        // The state stands behind the name, which may hold anything.
        ReadOnlySpan<byte> fields = text[(text.LastIndexOf((byte)')') + 1)..];
        return fields.StartsWith(" T "u8) || fields.StartsWith(" t "u8);
    }
}

/// <summary>Page faults of a process, its threads that have ended included; proc_pid_stat(5).</summary>
public static class ProcessFaults
{
    /// <summary>Reads /proc/PID/stat, which has the fields of a thread's line with the sums of the whole process.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="minor">Faults that needed nothing to be read from a device.</param>
    /// <param name="major">Faults that waited for a device.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <returns>False when the process is gone or hidden.</returns>
    public static bool TryRead(int processId, out long minor, out long major, string procRoot = "/proc")
    {
        (minor, major) = (0, 0);
        if (!KernelText.TryRead($"{procRoot}/{processId}/stat", out string text)) return false;
        if (!ThreadStat.TryParse(text, out ThreadInfo sums)) return false;
        (minor, major) = (sums.MinorFaults, sums.MajorFaults);
        return true;
    }
}
