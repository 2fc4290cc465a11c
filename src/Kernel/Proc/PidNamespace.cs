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

    private static string? ReadLink(string path)
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
