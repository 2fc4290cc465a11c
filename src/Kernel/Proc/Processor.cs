using System.Globalization;

namespace Observatory.Kernel;

/// <summary>What the first processor is called; proc_cpuinfo(5).</summary>
public static class ProcessorModel
{
    /// <summary>Reads <c>/proc/cpuinfo</c>; null when it names none, as on some that are not x86.</summary>
    public static string? Read(CgroupFiles files) => (files.Read("proc/cpuinfo") ?? "")
        .Split('\n')
        .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
        .Where(fields => fields is ["model name", { Length: > 0 }])
        .Select(fields => fields[1])
        .FirstOrDefault();
}

/// <summary>The caches of the first CPU as sysfs lists them, in bytes; null where it does not say.</summary>
/// <remarks>Documentation/ABI/testing/sysfs-devices-system-cpu.</remarks>
public readonly record struct CpuCaches(long? L1d, long? L2, long? L3)
{
    private const string Folder = "sys/devices/system/cpu/cpu0/cache";

    /// <param name="files">Files below a root.</param>
    public static CpuCaches Read(CgroupFiles files)
    {
        Dictionary<string, long?> sizes = [];
        for (int index = 0; ReadIndex(files, index, "level") is { } level; index++)
        {
            string type = ReadIndex(files, index, "type") ?? "";
            if (type != "Instruction") sizes.TryAdd(level, ParseSize(ReadIndex(files, index, "size")));
        }

        return new CpuCaches(sizes.GetValueOrDefault("1"), sizes.GetValueOrDefault("2"), sizes.GetValueOrDefault("3"));
    }

    // The kernel writes kibibytes: 1024K.
    private static long? ParseSize(string? size) =>
        size is [.., 'K'] && long.TryParse(size[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes)
            && kibibytes > 0
            ? kibibytes * 1024
            : null;

    private static string? ReadIndex(CgroupFiles files, int index, string name) =>
        files.Read($"{Folder}/index{index}/{name}")?.Trim();
}
