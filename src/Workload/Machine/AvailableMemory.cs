namespace Observatory.Workload;

/// <summary>How much memory this process can still have.</summary>
internal static class AvailableMemory
{
    /// <summary>
    /// The smallest of the machine's available memory and what is left in each cgroup around the process.
    /// </summary>
    public static MemoryLimit Read(CgroupFiles files)
    {
        long machine = MemInfoText.AvailableBytes(files.Read("proc/meminfo") ?? "") ?? long.MaxValue;
        return InCgroups(files) is { } cgroup && cgroup < machine
            ? new MemoryLimit(cgroup, "what is left of the cgroup's limit")
            : new MemoryLimit(machine, "MemAvailable of /proc/meminfo");
    }

    private static long? InCgroups(CgroupFiles files)
    {
        IEnumerable<long?> version2 = files.Directories("")
            .Select(directory => Remaining(directory, "memory.max", "memory.current", "inactive_file"));
        IEnumerable<long?> version1 = files.Directories("memory")
            .Select(directory => Remaining(
                directory, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"));
        return version2.Concat(version1).Min();
    }

    private static long? Remaining(string directory, string limit, string usage, string cache) =>
        CgroupMemoryText.Remaining(
            CgroupFiles.Text(directory, limit),
            CgroupFiles.Text(directory, usage),
            CgroupFiles.Text(directory, "memory.stat"),
            cache);
}
