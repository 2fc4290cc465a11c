using Microsoft.Win32.SafeHandles;

namespace Observatory.Kernel;

/// <summary>An open file descriptor.</summary>
internal sealed class DescriptorHandle() : SafeHandleMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>The descriptor's number, for a call that takes it inside a structure or an argument word.</summary>
    public int Number => (int)handle;

    protected override bool ReleaseHandle() => Libc.Close(handle) == 0;
}
