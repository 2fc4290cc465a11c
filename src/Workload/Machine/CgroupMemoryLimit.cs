namespace Observatory.Workload;

/// <summary>The memory that the cgroups let this process use.</summary>
internal static class CgroupMemoryLimit
{
    /// <summary>The tightest limit of both cgroup versions and all levels, in bytes; null when there is none.</summary>
    public static long? Read(CgroupFiles files)
    {
        IEnumerable<long?> version2 = files.Directories("")
            .Select(directory => CgroupMemoryText.Limit(CgroupFiles.Text(directory, "memory.max")));
        IEnumerable<long?> version1 = files.Directories("memory")
            .Select(directory => CgroupMemoryText.Limit(CgroupFiles.Text(directory, "memory.limit_in_bytes")));
        return version2.Concat(version1).Min();
    }
}
