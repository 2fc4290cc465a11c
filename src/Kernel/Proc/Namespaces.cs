using System.Globalization;

namespace Observatory.Kernel;

/// <summary>Whose process and thread ids this process sees; pid_namespaces(7).</summary>
public static class PidNamespace
{
    // PROC_PID_INIT_INO in include/linux/proc_ns.h: the initial pid namespace has this inode on every machine.
    private const uint InitialInode = 0xEFFFFFFC;

    /// <summary>
    /// True when a process counts threads as we do, so that the ids it gives for its own threads are valid here. Also
    /// true where that cannot be told, because its link may not be read: not ours, so not observable anyway.
    /// </summary>
    /// <param name="processId">The process, by its id in our namespace.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    public static bool IsShared(int processId, string procRoot = "/proc") =>
        ReadLink($"{procRoot}/{processId}/ns/pid") is not { } theirs || theirs == ReadLink($"{procRoot}/self/ns/pid");

    /// <summary>True when we see the ids of the machine itself.</summary>
    public static bool IsInitial() => IsInitial(ReadLink("/proc/self/ns/pid"));

    /// <summary>True when a link names the initial pid namespace.</summary>
    /// <param name="link">The target of /proc/PID/ns/pid, as in <c>pid:[4026531836]</c>; null when unknown.</param>
    public static bool IsInitial(string? link) =>
        link == string.Create(CultureInfo.InvariantCulture, $"pid:[{InitialInode}]");

    internal static string? ReadLink(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>How far a process's clocks are off the kernel's own; time_namespaces(7), Linux 5.6.</summary>
public static class TimeNamespace
{
    private const string Monotonic = "monotonic";
    private const string BootTime = "boottime";

    /// <summary>Reads by how much CLOCK_MONOTONIC of a process is ahead of the kernel's, which perf events are stamped with.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <returns>Nanoseconds; null where the kernel does not say, or says it of the process's children only.</returns>
    public static long? ReadMonotonicOffset(int processId, string procRoot = "/proc") => ReadOffset(processId, procRoot, Monotonic);

    /// <summary>
    /// Reads by how much CLOCK_BOOTTIME of a process is ahead of the kernel's: a process reads start times of processes in
    /// /proc by this clock of its own.
    /// </summary>
    /// <param name="processId">The process.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <returns>Nanoseconds; null where the kernel does not say, or says it of the process's children only.</returns>
    public static long? ReadBootTimeOffset(int processId, string procRoot = "/proc") => ReadOffset(processId, procRoot, BootTime);

    private static long? ReadOffset(int processId, string procRoot, string clock)
    {
        string process = $"{procRoot}/{processId}";
        if (PidNamespace.ReadLink($"{process}/ns/time") != PidNamespace.ReadLink($"{process}/ns/time_for_children")) return null;
        return KernelText.TryRead($"{process}/timens_offsets", out string text) ? ParseOffset(text, clock) : null;
    }

    /// <summary>Parses lines of <c>CLOCK SECONDS NANOSECONDS</c>.</summary>
    internal static long? ParseOffset(ReadOnlySpan<char> text, string clock = Monotonic)
    {
        Span<Range> parts = stackalloc Range[4];
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            if (!line.StartsWith(clock, StringComparison.Ordinal)) continue;
            if (line.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries) != 3) return null;
            bool isRead = long.TryParse(line[parts[1]], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds)
                & long.TryParse(line[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out long nanoseconds);
            return isRead ? (seconds * 1_000_000_000) + nanoseconds : null;
        }

        return null;
    }
}
