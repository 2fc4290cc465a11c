using System.Globalization;

namespace Observatory.Workload.Machine;

/// <summary>Reads the text of <c>/proc/meminfo</c>, see proc_meminfo(5).</summary>
internal static class MemInfoText
{
    /// <summary>
    /// The kernel's estimate of what new programs can have without swapping, in bytes; null when absent.
    /// </summary>
    public static long? AvailableBytes(string text) => Bytes(text, "MemAvailable:");

    /// <summary>All memory that the kernel manages, in bytes; null when absent.</summary>
    public static long? TotalBytes(string text) => Bytes(text, "MemTotal:");

    private static long? Bytes(string text, string name)
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
