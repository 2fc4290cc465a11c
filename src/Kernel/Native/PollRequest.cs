using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>struct pollfd of poll(2). A negative descriptor is skipped by the kernel.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollRequest
{
    public const short Readable = 1;
    public const short HungUp = 0x10;

    public int Descriptor;
    public short Requested;
    public short Returned;
}
