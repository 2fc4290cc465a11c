using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>A tracefs that is mounted nowhere: only this process sees it, and it is gone when disposed.</summary>
/// <remarks>
/// fsopen(2), fsconfig(2), fsmount(2), Linux 5.2; needs CAP_SYS_ADMIN. For machines where nobody has mounted tracefs:
/// mounting it is not ours to do.
/// </remarks>
internal sealed class DetachedTracefs : IDisposable
{
    private const int CloseOnExec = 1;
    private const int CreateCommand = 6;
    private const int ReadOnly = 1;
    private const int NoSetUserId = 2;
    private const int NoDevices = 4;
    private const int NoExecution = 8;

    private readonly DescriptorHandle _mount;

    private DetachedTracefs(DescriptorHandle mount) => _mount = mount;

    /// <summary>A path to it, through the descriptor: good in this process only, until disposed.</summary>
    public string Root => $"/proc/self/fd/{_mount.Number}";

    /// <returns>Null and the error number when refused.</returns>
    public static DetachedTracefs? TryOpen(out int error)
    {
        using DescriptorHandle context = Libc.OpenFileSystem(SystemCall.OpenFileSystem, "tracefs", CloseOnExec);
        if (context.IsInvalid || !TryCreate(context))
        {
            error = Marshal.GetLastPInvokeError();
            return null;
        }

        DescriptorHandle mount = Libc.MountFileSystem(
            SystemCall.MountFileSystem, context, CloseOnExec, ReadOnly | NoSetUserId | NoDevices | NoExecution);
        error = mount.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
        if (error == 0) return new DetachedTracefs(mount);
        mount.Dispose();
        return null;
    }

    public void Dispose() => _mount.Dispose();

    private static bool TryCreate(DescriptorHandle context) =>
        Libc.ConfigureFileSystem(SystemCall.ConfigureFileSystem, context, CreateCommand, 0, 0, 0) == 0;
}
