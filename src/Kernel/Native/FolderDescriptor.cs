namespace Observatory.Kernel;

/// <summary>
/// A folder held open, so that what is in it can be named by a short path: that of a socket has no room for more than 107
/// bytes, and a folder below <c>/proc/PID/root</c> easily has more.
/// </summary>
/// <remarks>open(2) with O_PATH: nothing is read, and no right to read is needed.</remarks>
public sealed class FolderDescriptor : IDisposable
{
    private const int PathOnly = 0x200000;
    private const int CloseOnExec = 0x80000;

    private readonly DescriptorHandle _handle;

    private FolderDescriptor(DescriptorHandle handle) => _handle = handle;

    /// <summary>Another path to the folder, as long as it is held.</summary>
    public string Path => $"/proc/self/fd/{_handle.Number}";

    /// <summary>Holds a folder open; null where there is none, or the way is closed to us.</summary>
    public static FolderDescriptor? TryOpen(string path)
    {
        DescriptorHandle handle = Libc.Open(path, PathOnly | CloseOnExec);
        if (!handle.IsInvalid) return new FolderDescriptor(handle);
        handle.Dispose();
        return null;
    }

    public void Dispose() => _handle.Dispose();
}
