using System.Globalization;

namespace Observatory.Kernel;

/// <summary>How much memory the control groups let this process use, and how much of it is left.</summary>
/// <remarks>Documentation/admin-guide/cgroup-v2.rst; Documentation/admin-guide/cgroup-v1/memory.rst.</remarks>
public static class CgroupMemory
{
    // Version 1 writes "no limit" as the largest multiple of a page below 2^63.
    private const long NoLimit = 1L << 60;

    /// <summary>The tightest limit of both versions and all levels, in bytes; null when there is none.</summary>
    public static long? ReadLimit(CgroupFiles files) => files.ReadGroups(
        "memory",
        directory => ParseLimit(CgroupFiles.Read(directory, "memory.max")),
        directory => ParseLimit(CgroupFiles.Read(directory, "memory.limit_in_bytes"))).Min();

    /// <summary>The least that is left in any group around the process, in bytes; null when none has a limit.</summary>
    public static long? ReadRemaining(CgroupFiles files) => files.ReadGroups(
        "memory",
        directory => Remaining(directory, "memory.max", "memory.current", "inactive_file"),
        directory => Remaining(directory, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")).Min();

    /// <summary>What is left of a limit; null when there is none.</summary>
    /// <param name="limit"><c>memory.max</c> or <c>memory.limit_in_bytes</c>.</param>
    /// <param name="usage"><c>memory.current</c> or <c>memory.usage_in_bytes</c>.</param>
    /// <param name="statistics"><c>memory.stat</c>.</param>
    /// <param name="cacheName">
    /// The line of the statistics that says how much of the usage is file cache that the kernel drops when asked.
    /// </param>
    internal static long? ParseRemaining(string? limit, string? usage, string? statistics, string cacheName)
    {
        if (ParseLimit(limit) is not { } most || ParseNumber(usage) is not { } used) return null;
        long cache = FindStatistic(statistics ?? "", cacheName) ?? 0;
        return Math.Clamp(most - used + cache, 0, most);
    }

    private static long? ParseLimit(string? limit) => ParseNumber(limit) is { } most and < NoLimit ? most : null;

    private static long? Remaining(string directory, string limit, string usage, string cacheName) => ParseRemaining(
        CgroupFiles.Read(directory, limit),
        CgroupFiles.Read(directory, usage),
        CgroupFiles.Read(directory, "memory.stat"),
        cacheName);

    private static long? FindStatistic(string text, string name) => text
        .Split('\n')
        .Select(line => line.Split(' '))
        .Where(fields => fields.Length == 2 && fields[0] == name)
        .Select(fields => ParseNumber(fields[1]))
        .FirstOrDefault();

    private static long? ParseNumber(string? text) =>
        long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
}
