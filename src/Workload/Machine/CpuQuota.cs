namespace Observatory.Workload;

/// <summary>How many CPUs' worth of time the cgroups let this process use.</summary>
internal static class CpuQuota
{
    /// <summary>The tightest limit of both cgroup versions and all levels, in CPUs; null when there is none.</summary>
    public static double? Read(CgroupFiles files)
    {
        IEnumerable<double?> version2 = files.Directories("")
            .Select(directory => CpuQuotaText.Version2(CgroupFiles.Text(directory, "cpu.max")));
        IEnumerable<double?> version1 = files.Directories("cpu")
            .Select(directory => CpuQuotaText.Version1(
                CgroupFiles.Text(directory, "cpu.cfs_quota_us"), CgroupFiles.Text(directory, "cpu.cfs_period_us")));
        return version2.Concat(version1).Min();
    }
}
