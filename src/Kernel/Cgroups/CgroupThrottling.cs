namespace Observatory.Kernel;

/// <summary>Throttling by a CPU quota, from cpu.stat of a process's control group, version 2 or 1.</summary>
/// <remarks>
/// Documentation/admin-guide/cgroup-v2.rst (throttled_usec); Documentation/scheduler/sched-bwc.rst (throttled_time).
/// </remarks>
public static class CgroupThrottling
{
    private const string Controller = "cpu";

    /// <summary>Parses the text of cpu.stat of either version.</summary>
    /// <returns>False when it says nothing of throttling: the group has no CPU controller.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out CgroupThrottlingCounts counts)
    {
        (long periods, long throttled, long nanoseconds) = (-1, -1, -1);
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            int space = line.IndexOf(' ');
            if (space < 0 || !long.TryParse(line[(space + 1)..].Trim(), out long value)) continue;
            if (line[..space].SequenceEqual("nr_periods")) periods = value;
            if (line[..space].SequenceEqual("nr_throttled")) throttled = value;
            if (line[..space].SequenceEqual("throttled_usec")) nanoseconds = value * 1_000;
            if (line[..space].SequenceEqual("throttled_time")) nanoseconds = value;
        }

        counts = new CgroupThrottlingCounts(periods, throttled, nanoseconds);
        return periods >= 0 && throttled >= 0 && nanoseconds >= 0;
    }

    /// <summary>Reads the counts of the group that a process is in, those of groups above it left out.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="counts">Since the group was made.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <param name="cgroupRoot">Where cgroups are mounted.</param>
    /// <returns>False when the process is gone, or its group has no CPU controller or cannot be seen.</returns>
    public static bool TryRead(
        int processId,
        out CgroupThrottlingCounts counts,
        string procRoot = "/proc",
        string cgroupRoot = "/sys/fs/cgroup")
    {
        counts = default;
        if (!KernelText.TryRead($"{procRoot}/{processId}/cgroup", out string cgroup)) return false;
        _ = KernelText.TryRead($"{procRoot}/self/cgroup", out string own);
        foreach (string directory in Directories(cgroup, own, cgroupRoot))
        {
            if (KernelText.TryRead($"{directory}/cpu.stat", out string text) && TryParse(text, out counts)) return true;
        }

        return false;
    }

    // A machine may mount both versions; a controller belongs to one of them.
    private static IEnumerable<string> Directories(string cgroup, string own, string root)
    {
        string? controller = CgroupPath.Find(cgroup, Controller) is null ? null : Controller;
        if (CgroupPath.Find(cgroup, controller) is not { } path) return [];
        bool isOurs = path == CgroupPath.Find(own, controller);
        string[] mounts = controller is null ? [root, $"{root}/unified"] : [$"{root}/cpu", $"{root}/cpu,cpuacct"];
        return mounts.SelectMany(mount => CgroupPath.Candidates(mount, path, isOurs));
    }
}

/// <summary>How often and how long a CPU quota has held a control group back since it was made.</summary>
/// <param name="Periods">Periods of the quota in which the group had work.</param>
/// <param name="ThrottledPeriods">Those of them in which it used its quota up.</param>
/// <param name="ThrottledNanoseconds">
/// Time held back, summed over CPUs: a group with work on two CPUs is held back for two seconds in one.
/// </param>
public readonly record struct CgroupThrottlingCounts(long Periods, long ThrottledPeriods, long ThrottledNanoseconds);

/// <summary>
/// How often the CPU quota of a group around this process ran out, read again and again without allocating: nr_throttled of cpu.stat.
/// </summary>
public sealed class CgroupThrottles : IDisposable
{
    private readonly List<CounterFile> _files;

    private CgroupThrottles(List<CounterFile> files) => _files = files;

    /// <summary>Opens what tells it. Without a quota there is nothing to read, and nothing is ever throttled.</summary>
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

    /// <inheritdoc />
    public void Dispose() => _files.ForEach(file => file.Dispose());
}
