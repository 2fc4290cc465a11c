using System.Globalization;

namespace Observatory.Kernel;

/// <summary>Memory of a process that is in RAM, from /proc/PID/statm; proc_pid_statm(5).</summary>
public static class ResidentMemory
{
    /// <summary>Reads how much it is.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="bytes">Resident set size in bytes; the kernel batches its counting, so it may be some hundred kB off.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <returns>False when the process is gone, or has ended and waits for its parent.</returns>
    public static bool TryRead(int processId, out long bytes, string procRoot = "/proc")
    {
        bytes = 0;
        return KernelText.TryRead($"{procRoot}/{processId}/statm", out string text) && TryParse(text, Environment.SystemPageSize, out bytes);
    }

    /// <summary>Opens the file of a process to be read again and again by <see cref="Read"/>; null when the process is gone.</summary>
    public static CounterFile? Open(int processId) => CounterFile.Open($"/proc/{processId}/statm");

    /// <summary>The same as <see cref="TryRead"/>; null when the process is gone, or has ended and waits for its parent.</summary>
    public static long? Read(CounterFile statm) =>
        statm.Number([], skipped: 1) is > 0 and var pages ? pages * Environment.SystemPageSize : null;

    /// <summary>Reads the line: size, resident, shared, ... in pages.</summary>
    internal static bool TryParse(ReadOnlySpan<char> line, int pageSize, out long bytes)
    {
        bytes = 0;
        int space = line.IndexOf(' ');
        if (space < 0) return false;
        ReadOnlySpan<char> rest = line[(space + 1)..];
        int end = rest.IndexOf(' ');
        if (end < 0 || !long.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out long pages)) return false;
        bytes = pages * pageSize;
        return bytes > 0;
    }
}
