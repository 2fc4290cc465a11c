using System.Globalization;

namespace Observatory.Kernel;

/// <summary>How many CPUs' worth of time the control groups let this process use.</summary>
/// <remarks>Documentation/admin-guide/cgroup-v2.rst (cpu.max); Documentation/scheduler/sched-bwc.rst (version 1).</remarks>
public static class CpuQuota
{
    internal const string Controller = "cpu";

    /// <summary>The tightest limit of both versions and all levels, in CPUs; null when there is none.</summary>
    public static double? Read(CgroupFiles files) =>
        files.Directories(controller: null).Concat(files.Directories(Controller)).Min(ReadGroup);

    /// <summary>The limit of a group, of either version; null when it has none.</summary>
    internal static double? ReadGroup(string directory) => CgroupFiles.Read(directory, "cpu.max") is { } max
        ? ParseVersion2(max)
        : ParseVersion1(CgroupFiles.Read(directory, "cpu.cfs_quota_us"), CgroupFiles.Read(directory, "cpu.cfs_period_us"));

    /// <summary><c>cpu.max</c>: quota and period in microseconds, or <c>max</c>. Null: no limit.</summary>
    internal static double? ParseVersion2(string? text) =>
        text?.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is [var quota, var period, ..]
            ? Divide(quota, period)
            : null;

    /// <summary><c>cpu.cfs_quota_us</c>, -1 for none, and <c>cpu.cfs_period_us</c>. Null: no limit.</summary>
    internal static double? ParseVersion1(string? quota, string? period) => Divide(quota?.Trim(), period?.Trim());

    private static double? Divide(string? quota, string? period) =>
        long.TryParse(quota, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long used)
        && long.TryParse(period, NumberStyles.None, CultureInfo.InvariantCulture, out long of)
        && used > 0 && of > 0
            ? (double)used / of
            : null;
}

/// <summary>A control group with a CPU quota: the one a process is in, or one above it. Each of them can hold it back.</summary>
/// <param name="Directory">Where its files are.</param>
/// <param name="Cpus">CPUs' worth of time that it may use, for example 0.5.</param>
public sealed record CpuBandwidth(string Directory, double Cpus)
{
    /// <summary>The groups with a quota, from the process's own up; empty where nothing is limited or can be seen.</summary>
    /// <param name="process">The process.</param>
    /// <param name="files">Where to look; null for the running system.</param>
    public static IReadOnlyList<CpuBandwidth> Read(int process, CgroupFiles? files = null) =>
    [
        .. (files ?? CgroupFiles.Machine).DirectoriesOf(process, CpuQuota.Controller)
            .Select(directory => CpuQuota.ReadGroup(directory) is { } cpus ? new CpuBandwidth(directory, cpus) : null)
            .OfType<CpuBandwidth>(),
    ];

    /// <summary>Opens the counts of what the quota does, for <see cref="CgroupThrottling.ReadThrottled"/>; null when the group is gone.</summary>
    public CounterFile? OpenCounts() => CounterFile.Open(Path.Combine(Directory, CgroupThrottling.FileName));
}

/// <summary>Throttling by a CPU quota, from cpu.stat of a process's control group, version 2 or 1.</summary>
/// <remarks>
/// Documentation/admin-guide/cgroup-v2.rst (throttled_usec); Documentation/scheduler/sched-bwc.rst (throttled_time).
/// </remarks>
public static class CgroupThrottling
{
    internal const string FileName = "cpu.stat";

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
    /// <param name="files">Where to look; null for the running system.</param>
    /// <returns>False when the process is gone, or its group has no CPU controller or cannot be seen.</returns>
    public static bool TryRead(int processId, out CgroupThrottlingCounts counts, CgroupFiles? files = null)
    {
        counts = default;
        IReadOnlyList<string> directories = (files ?? CgroupFiles.Machine).DirectoriesOf(processId, CpuQuota.Controller);
        return directories.Count > 0 && TryReadGroup(directories[0], out counts);
    }

    /// <summary>How long a group has been held back since it was made, in nanoseconds summed over CPUs; null when it is gone.</summary>
    /// <param name="counts">Its cpu.stat, which stays open.</param>
    public static long? ReadThrottled(CounterFile counts)
    {
        Span<byte> buffer = stackalloc byte[CounterFile.BufferBytes];
        ReadOnlySpan<byte> text = counts.Read(buffer);
        return CounterFile.Number(text, "throttled_usec "u8, skipped: 0) * 1_000 ?? CounterFile.Number(text, "throttled_time "u8, skipped: 0);
    }

    /// <summary>Reads the counts of a group.</summary>
    internal static bool TryReadGroup(string directory, out CgroupThrottlingCounts counts)
    {
        counts = default;
        return CgroupFiles.Read(directory, FileName) is { } text && TryParse(text, out counts);
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
            .. files.Directories(controller: null).Concat(files.Directories(CpuQuota.Controller))
                .Select(directory => CounterFile.Open(Path.Combine(directory, CgroupThrottling.FileName)))
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
