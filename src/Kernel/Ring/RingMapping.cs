using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Observatory.Kernel;

/// <summary>The memory that the kernel writes an event's records into.</summary>
/// <remarks>
/// struct perf_event_mmap_page in include/uapi/linux/perf_event.h: a page of control words, then 2^n pages of data.
/// Positions only grow; the place in the data is the position modulo its size.
/// </remarks>
internal sealed unsafe class RingMapping : SafeHandleMinusOneIsInvalid
{
    private const int HeadOffset = 1024;
    private const int TailOffset = 1032;
    private const int DataOffsetOffset = 1040;
    private const int ReadWrite = 1 | 2;
    private const int Shared = 1;

    private readonly nuint _length;
    private readonly int _dataLength;

    private RingMapping(nint address, nuint length, int dataLength) : base(ownsHandle: true)
    {
        SetHandle(address);
        _length = length;
        _dataLength = dataLength;
    }

    /// <summary>Where the kernel writes next. What lies before it is readable once this has been read.</summary>
    public ulong Head => Volatile.Read(ref Word(HeadOffset));

    /// <summary>What lies before it the kernel may overwrite, from the moment of the assignment.</summary>
    public ulong Tail
    {
        get => Word(TailOffset);
        set => Volatile.Write(ref Word(TailOffset), value);
    }

    /// <summary>The data pages. Valid while <see cref="SafeHandle.DangerousAddRef"/> holds them.</summary>
    public ReadOnlySpan<byte> Data => new((void*)(handle + (nint)Word(DataOffsetOffset)), _dataLength);

    /// <param name="descriptor">The event that the ring belongs to.</param>
    /// <param name="dataBytes">A power of two of pages.</param>
    /// <param name="error">The error number: EPERM when the memory-lock limit forbids the size.</param>
    public static RingMapping? TryCreate(DescriptorHandle descriptor, int dataBytes, out int error)
    {
        nuint length = (nuint)(Environment.SystemPageSize + dataBytes);
        nint address = Libc.Map(0, length, ReadWrite, Shared, descriptor, 0);
        error = address == -1 ? Marshal.GetLastPInvokeError() : 0;
        return error == 0 ? new RingMapping(address, length, dataBytes) : null;
    }

    protected override bool ReleaseHandle() => Libc.Unmap(handle, _length) == 0;

    private ref ulong Word(int offset) => ref *(ulong*)(handle + offset);
}
