using System.Globalization;

namespace Observatory.Kernel;

/// <summary>Memory of the machine, from <c>/proc/meminfo</c>; proc_meminfo(5).</summary>
public static class MachineMemory
{
    /// <summary>
    /// The kernel's estimate of what new programs can have without swapping, in bytes; null when absent.
    /// </summary>
    public static long? ParseAvailable(string text) => KibibyteLine.Find(text, "MemAvailable:");

    /// <summary>All memory that the kernel manages, in bytes; null when absent.</summary>
    public static long? ParseTotal(string text) => KibibyteLine.Find(text, "MemTotal:");

    /// <summary>Reads <see cref="ParseTotal"/>.</summary>
    public static long? ReadTotal(CgroupFiles files) => ParseTotal(files.Read("proc/meminfo") ?? "");
}

/// <summary>How much memory this process can still have.</summary>
/// <param name="Bytes">The smallest of what the machine and each control group around the process have left.</param>
/// <param name="Source">What says so.</param>
public readonly record struct AvailableMemory(long Bytes, string Source)
{
    /// <summary>Reads it.</summary>
    public static AvailableMemory Read(CgroupFiles files)
    {
        long machine = MachineMemory.ParseAvailable(files.Read("proc/meminfo") ?? "") ?? long.MaxValue;
        return CgroupMemory.ReadRemaining(files) is { } cgroup && cgroup < machine
            ? new AvailableMemory(cgroup, "what is left of the cgroup's limit")
            : new AvailableMemory(machine, "MemAvailable of /proc/meminfo");
    }
}

/// <summary>Lines such as <c>MemTotal:  2048 kB</c>, which several files of <c>/proc</c> have.</summary>
public static class KibibyteLine
{
    /// <summary>The value in bytes; null when absent.</summary>
    /// <param name="text">The file.</param>
    /// <param name="name">With its colon.</param>
    public static long? Find(string text, string name)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(name, StringComparison.Ordinal)) continue;
            ReadOnlySpan<char> value = line[name.Length..].Trim();
            if (value.EndsWith(" kB", StringComparison.Ordinal)) value = value[..^3];
            return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes)
                ? kibibytes * 1024
                : null;
        }

        return null;
    }
}
