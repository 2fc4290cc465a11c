namespace Observatory.Workload;

/// <summary>
/// Time that threads were ready to run and had no CPU: the second number of <c>/proc/PID/task/TID/schedstat</c>, see
/// Documentation/scheduler/sched-stats.rst of the kernel.
/// </summary>
internal sealed class RunDelay : IDisposable
{
    private readonly List<CounterFile> _files;

    private RunDelay(List<CounterFile> files) => _files = files;

    /// <summary>Null when the kernel does not say.</summary>
    /// <param name="threads">Folders of threads in <c>/proc</c>.</param>
    public static RunDelay? Open(IEnumerable<string> threads)
    {
        var delay = new RunDelay(
            [.. threads.Select(folder => CounterFile.Open(Path.Combine(folder, "schedstat"))).OfType<CounterFile>()]);
        return delay._files.Count > 0 && delay._files[0].Number([], skipped: 1) is not null ? delay : null;
    }

    /// <summary>How many threads are watched.</summary>
    public int Threads => _files.Count;

    /// <summary>Sum over the threads in nanoseconds; one that has ended no longer adds.</summary>
    public long Nanoseconds()
    {
        long sum = 0;
        foreach (CounterFile file in _files) sum += file.Number([], skipped: 1) ?? 0;
        return sum;
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());
}
