using System.Globalization;

namespace Observatory.Kernel;

/// <summary>Whether this process sees the machine's own process ids or a container's.</summary>
internal static class PidNamespace
{
    // PROC_PID_INIT_INO in include/linux/proc_ns.h: the initial pid namespace has this inode on every machine.
    private const uint InitialInode = 0xEFFFFFFC;

    public static bool IsInitial() => IsInitial(ReadLink("/proc/self/ns/pid"));

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
