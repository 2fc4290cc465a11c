using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>Anonymous memory that has not been touched yet, in pages of the base size; mmap(2).</summary>
internal sealed unsafe class FreshPages : SafeHandle
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int NoHugePage = 15;

    private readonly nuint _bytes;

    private FreshPages(nint address, nuint bytes) : base(invalidHandleValue: -1, ownsHandle: true)
    {
        SetHandle(address);
        _bytes = bytes;
    }

    public override bool IsInvalid => handle == -1;

    /// <returns>Null when there is no memory.</returns>
    public static FreshPages? TryMap(int pages)
    {
        nuint bytes = (nuint)pages * (nuint)Environment.SystemPageSize;
        nint address = Libc.MapAnonymous(0, bytes, ReadWrite, PrivateAnonymous, descriptor: -1, 0);
        if (address == -1) return null;
        // Refused by kernels that have no huge pages, which is as good.
        _ = Libc.Advise(address, bytes, NoHugePage);
        return new FreshPages(address, bytes);
    }

    /// <summary>Writes a byte into each page: a fault for each.</summary>
    public void TouchAll()
    {
        byte* address = (byte*)handle;
        nuint step = (nuint)Environment.SystemPageSize;
        for (nuint at = 0; at < _bytes; at += step) address[at] = 1;
    }

    protected override bool ReleaseHandle() => Libc.Unmap(handle, _bytes) == 0;
}

/// <summary>The heap of the C library.</summary>
public static class NativeHeap
{
    /// <summary>
    /// Gives the memory that was freed back to the system, malloc_trim(3). The C library keeps it otherwise, and what is
    /// allocated next out of it does not show as growth.
    /// </summary>
    /// <returns>False with a C library that has no such function.</returns>
    public static bool TryTrim()
    {
        try
        {
            _ = Libc.TrimHeap(keep: 0);
            return true;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }
}
