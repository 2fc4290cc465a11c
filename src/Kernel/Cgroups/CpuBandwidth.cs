using System.Globalization;

namespace Observatory.Kernel;

/// <summary>A control group with a CPU quota: the one a process is in, or one above it. Each of them can hold it back.</summary>
/// <param name="Directory">Where its files are.</param>
/// <param name="Cpus">CPUs' worth of time that it may use, for example 0.5.</param>
public sealed record CpuBandwidth(string Directory, double Cpus)
{
    private const string Controller = "cpu";

    /// <summary>The groups with a quota, from the process's own up; none where nothing is limited or can be seen.</summary>
    /// <remarks>Documentation/admin-guide/cgroup-v2.rst (cpu.max); Documentation/scheduler/sched-bwc.rst.</remarks>
    public static IReadOnlyList<CpuBandwidth> Read(int process, string procRoot = "/proc", string cgroupRoot = "/sys/fs/cgroup")
    {
        if (!KernelText.TryRead($"{procRoot}/{process}/cgroup", out string cgroup)) return [];
        _ = KernelText.TryRead($"{procRoot}/self/cgroup", out string own);
        string? controller = CgroupPath.Find(cgroup, Controller) is null ? null : Controller;
        if (CgroupPath.Find(cgroup, controller) is not { } path) return [];
        bool isOurs = path == CgroupPath.Find(own, controller);
        string[] mounts = controller is null
            ? [cgroupRoot, $"{cgroupRoot}/unified"]
            : [$"{cgroupRoot}/cpu", $"{cgroupRoot}/cpu,cpuacct"];
        foreach (string mount in mounts)
        {
            string? directory = CgroupPath.Candidates(mount, path, isOurs).FirstOrDefault(System.IO.Directory.Exists);
            if (directory is not null) return [.. Upwards(directory, mount).Select(TryReadGroup).OfType<CpuBandwidth>()];
        }

        return [];
    }

    /// <summary>How long the group has been held back since it was made, in nanoseconds summed over CPUs; null when it is gone.</summary>
    public long? ReadThrottled() =>
        KernelText.TryRead($"{Directory}/cpu.stat", out string text) && CgroupThrottling.TryParse(text, out CgroupThrottlingCounts counts)
            ? counts.ThrottledNanoseconds
            : null;

    private static IEnumerable<string> Upwards(string directory, string mount)
    {
        for (string? at = directory; at is not null && at.Length >= mount.Length; at = Path.GetDirectoryName(at)) yield return at;
    }

    private static CpuBandwidth? TryReadGroup(string directory)
    {
        if (KernelText.TryRead($"{directory}/cpu.max", out string max))
            return Parse(max) is { } cpus ? new CpuBandwidth(directory, cpus) : null;
        return KernelText.TryRead($"{directory}/cpu.cfs_quota_us", out string quota)
            && KernelText.TryRead($"{directory}/cpu.cfs_period_us", out string period)
            && Parse($"{quota.Trim()} {period.Trim()}") is { } limited
                ? new CpuBandwidth(directory, limited)
                : null;
    }

    /// <summary>Parses <c>QUOTA PERIOD</c> in microseconds; null for <c>max</c> and -1, which stand for no quota.</summary>
    public static double? Parse(string text)
    {
        string[] parts = text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out long quota)
            && long.TryParse(parts[1], NumberStyles.Integer, CultureInfo.InvariantCulture, out long period)
            && quota > 0 && period > 0
                ? (double)quota / period
                : null;
    }
}
