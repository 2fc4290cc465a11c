using System.Globalization;

namespace Observatory.Workload;

/// <summary>Reads lines such as <c>MemTotal:  2048 kB</c>, which several files of <c>/proc</c> have.</summary>
internal static class KibibyteText
{
    /// <summary>The value in bytes; null when absent.</summary>
    /// <param name="text">The file.</param>
    /// <param name="name">With its colon.</param>
    public static long? Bytes(string text, string name)
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
