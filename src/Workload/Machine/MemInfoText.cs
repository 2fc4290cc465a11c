using System.Globalization;

namespace Observatory.Workload.Machine;

/// <summary>Reads the text of <c>/proc/meminfo</c>, see proc_meminfo(5).</summary>
internal static class MemInfoText
{
    /// <summary>
    /// The kernel's estimate of what new programs can have without swapping, in bytes; null when absent.
    /// </summary>
    public static long? AvailableBytes(string text)
    {
        const string name = "MemAvailable:";
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
