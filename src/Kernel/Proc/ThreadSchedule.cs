namespace Observatory.Kernel;

/// <summary>How long a thread has run and has waited for a CPU since it began; /proc/PID/task/TID/schedstat.</summary>
/// <param name="Running">Nanoseconds on a CPU.</param>
/// <param name="Waiting">Nanoseconds runnable without a CPU.</param>
/// <param name="Slices">Times it came onto a CPU.</param>
/// <remarks>Documentation/scheduler/sched-stats.rst. Readable by every uid.</remarks>
public readonly record struct ThreadSchedule(long Running, long Waiting, long Slices)
{
    /// <summary>Parses the file's text, three numbers.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ThreadSchedule schedule)
    {
        schedule = default;
        Span<Range> parts = stackalloc Range[4];
        text = text.Trim();
        if (text.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries) != 3) return false;
        if (!long.TryParse(text[parts[0]], out long running)) return false;
        if (!long.TryParse(text[parts[1]], out long waiting)) return false;
        if (!long.TryParse(text[parts[2]], out long slices)) return false;
        schedule = new ThreadSchedule(running, waiting, slices);
        return true;
    }

    /// <summary>Reads a thread's schedule.</summary>
    /// <returns>False when the thread is gone.</returns>
    public static bool TryRead(int processId, int threadId, out ThreadSchedule schedule, string procRoot = "/proc")
    {
        schedule = default;
        return KernelText.TryRead($"{procRoot}/{processId}/task/{threadId}/schedstat", out string text)
            && TryParse(text, out schedule);
    }
}

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
            if (!ProcessThreads.TryReadName(process, thread, out string name)) continue;
            if (!names.Contains(name) || !ThreadSchedule.TryRead(process, thread, out ThreadSchedule schedule)) continue;
            times[name] = times.GetValueOrDefault(name) + schedule.Running;
        }

        return times;
    }
}

/// <summary>
/// Time that threads of this process were ready to run and had no CPU, read again and again without allocating: the second
/// number of /proc/PID/task/TID/schedstat, see Documentation/scheduler/sched-stats.rst of the kernel.
/// </summary>
public sealed class RunDelay : IDisposable
{
    private readonly List<CounterFile> _files;

    private RunDelay(List<CounterFile> files) => _files = files;

    /// <summary>How many threads are watched.</summary>
    public int Threads => _files.Count;

    /// <summary>Watches the threads that have a name now.</summary>
    /// <param name="threadName">At most 15 bytes. A new thread inherits the name of the one that makes it.</param>
    /// <returns>Null when there is no such thread, or the kernel keeps no such count.</returns>
    public static RunDelay? Open(string threadName)
    {
        int process = Environment.ProcessId;
        var delay = new RunDelay(
        [
            .. ProcessThreads.Named(process, threadName)
                .Select(thread => CounterFile.Open($"/proc/{process}/task/{thread}/schedstat"))
                .OfType<CounterFile>(),
        ]);
        return delay._files.Count > 0 && delay._files[0].Number([], skipped: 1) is not null ? delay : null;
    }

    /// <summary>Sum over the threads in nanoseconds; one that has ended no longer adds.</summary>
    public long Nanoseconds()
    {
        long sum = 0;
        foreach (CounterFile file in _files) sum += file.Number([], skipped: 1) ?? 0;
        return sum;
    }

    /// <inheritdoc />
    public void Dispose() => _files.ForEach(file => file.Dispose());
}
