using System.Globalization;

namespace Observatory.Workload;

/// <summary>The caches of the first CPU as sysfs lists them, in bytes; null where it does not say.</summary>
internal readonly record struct CpuCaches(long? L1d, long? L2, long? L3)
{
    private const string Folder = "sys/devices/system/cpu/cpu0/cache";

    /// <param name="files">Files below a root.</param>
    public static CpuCaches Read(CgroupFiles files)
    {
        Dictionary<string, long?> sizes = [];
        for (int index = 0; Text(files, index, "level") is { } level; index++)
        {
            string type = Text(files, index, "type") ?? "";
            if (type != "Instruction") sizes.TryAdd(level, Bytes(Text(files, index, "size")));
        }

        return new CpuCaches(sizes.GetValueOrDefault("1"), sizes.GetValueOrDefault("2"), sizes.GetValueOrDefault("3"));
    }

    /// <summary>The kernel writes kibibytes: <c>1024K</c>.</summary>
    public static long? Bytes(string? size) =>
        size is [.., 'K'] && long.TryParse(size[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes)
            && kibibytes > 0
            ? kibibytes * 1024
            : null;

    private static string? Text(CgroupFiles files, int index, string name) =>
        files.Read($"{Folder}/index{index}/{name}")?.Trim();
}
