using System.Globalization;

namespace Observatory.Workload;

/// <summary>Memory limits as cgroups write them, in bytes.</summary>
internal static class CgroupMemoryText
{
    /// <summary>Version 1 writes "no limit" as the largest multiple of a page below 2^63.</summary>
    private const long NoLimit = 1L << 60;

    /// <summary>What is left of a limit; null when there is none.</summary>
    /// <param name="limit"><c>memory.max</c> or <c>memory.limit_in_bytes</c>.</param>
    /// <param name="usage"><c>memory.current</c> or <c>memory.usage_in_bytes</c>.</param>
    /// <param name="statistics"><c>memory.stat</c>.</param>
    /// <param name="cacheName">
    /// The line of the statistics that says how much of the usage is file cache the kernel drops when asked.
    /// </param>
    public static long? Remaining(string? limit, string? usage, string? statistics, string cacheName)
    {
        if (Limit(limit) is not { } most || Number(usage) is not { } used) return null;
        long cache = Statistic(statistics ?? "", cacheName) ?? 0;
        return Math.Clamp(most - used + cache, 0, most);
    }

    /// <summary>The limit; null when there is none.</summary>
    /// <param name="limit"><c>memory.max</c> or <c>memory.limit_in_bytes</c>.</param>
    public static long? Limit(string? limit) => Number(limit) is { } most and < NoLimit ? most : null;

    private static long? Statistic(string text, string name) => text
        .Split('\n')
        .Select(line => line.Split(' '))
        .Where(fields => fields.Length == 2 && fields[0] == name)
        .Select(fields => Number(fields[1]))
        .FirstOrDefault();

    private static long? Number(string? text) =>
        long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
}
