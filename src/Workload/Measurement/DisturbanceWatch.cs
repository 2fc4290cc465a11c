using Observatory.Kernel;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>Reads the counters that tell disturbed iterations from the others. For the driving thread.</summary>
/// <param name="files">The cgroups.</param>
/// <param name="team">Name of the threads that compute.</param>
/// <param name="threads">How many of them there will be.</param>
internal sealed class DisturbanceWatch(CgroupFiles files, string team, int threads) : IDisposable
{
    private readonly CgroupThrottles? _throttles = CgroupThrottles.Open(files);
    private RunDelay? _delay = RunDelay.Open(TeamThreads.Folders(team));

    /// <summary>What can be seen here.</summary>
    public Disturbances Watched =>
        Disturbances.Gc
        | (_delay is null ? Disturbances.None : Disturbances.Preempted)
        | (_throttles is null ? Disturbances.None : Disturbances.Throttled);

    /// <summary>Looks for the threads until all are found: libtorch makes its own when it first needs them.</summary>
    public void FindThreads()
    {
        if (_delay is null || _delay.Threads >= threads) return;
        _delay.Dispose();
        _delay = RunDelay.Open(TeamThreads.Folders(team));
    }

    /// <summary>The counters now. Allocates nothing.</summary>
    public DisturbanceCounts Read() => new(
        GC.CollectionCount(0),
        GC.GetTotalPauseDuration(),
        _delay?.Nanoseconds() ?? 0,
        _throttles?.Count() ?? 0);

    public void Dispose()
    {
        _delay?.Dispose();
        _throttles?.Dispose();
    }
}

/// <summary>Counters of what can come between an iteration and its computation. They only grow.</summary>
/// <param name="Collections">Garbage collections.</param>
/// <param name="Paused">Time that the runtime was suspended for them.</param>
/// <param name="WaitedNs">Nanoseconds that the threads of the computation waited for a CPU.</param>
/// <param name="Throttled">Periods in which a CPU quota ran out.</param>
internal readonly record struct DisturbanceCounts(int Collections, TimeSpan Paused, long WaitedNs, long Throttled)
{
    /// <summary>
    /// Waiting counts from this share of an iteration on. The kernel's own threads take a CPU for some microseconds
    /// many times a second; with no limit every long iteration would count as disturbed, and the mark would say nothing.
    /// </summary>
    public const double LeastWait = 0.01;

    /// <param name="before">The counters before the iteration; these are the ones after it.</param>
    /// <param name="nanoseconds">How long the iteration took.</param>
    public Disturbances Since(DisturbanceCounts before, long nanoseconds)
    {
        var found = Disturbances.None;
        if (Collections != before.Collections || Paused != before.Paused) found |= Disturbances.Gc;
        if (WaitedNs - before.WaitedNs > LeastWait * nanoseconds) found |= Disturbances.Preempted;
        if (Throttled != before.Throttled) found |= Disturbances.Throttled;
        return found;
    }
}

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

/// <summary>
/// The threads that compute: the driving thread and those libtorch made from it. A new thread inherits the name of the
/// one that makes it, and that is how they are found.
/// </summary>
internal static class TeamThreads
{
    private const string Tasks = "/proc/self/task";

    /// <summary>Folders of <c>/proc</c>, one for each thread with the name; none when they cannot be listed.</summary>
    public static IReadOnlyList<string> Folders(string name)
    {
        try
        {
            return [.. Directory.GetDirectories(Tasks).Where(folder => Name(folder) == name)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? Name(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "comm")).TrimEnd('\n');
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>How often the CPU quota of a cgroup around the process ran out: <c>nr_throttled</c> of <c>cpu.stat</c>.</summary>
internal sealed class CgroupThrottles : IDisposable
{
    private readonly List<CounterFile> _files;

    private CgroupThrottles(List<CounterFile> files) => _files = files;

    /// <summary>Without a quota there is nothing to read, and nothing is ever throttled.</summary>
    /// <param name="files">The cgroups.</param>
    /// <returns>Null when there is a quota and no count of what it does.</returns>
    public static CgroupThrottles? Open(CgroupFiles files)
    {
        if (CpuQuota.Read(files) is null) return new CgroupThrottles([]);
        var throttles = new CgroupThrottles(
        [
            .. files.Directories(controller: null).Concat(files.Directories("cpu"))
                .Select(directory => CounterFile.Open(Path.Combine(directory, "cpu.stat")))
                .OfType<CounterFile>(),
        ]);
        return throttles._files.Count > 0 ? throttles : null;
    }

    /// <summary>Periods in which some cgroup was throttled.</summary>
    public long Count()
    {
        long sum = 0;
        foreach (CounterFile file in _files) sum += file.Number("nr_throttled "u8) ?? 0;
        return sum;
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());
}
