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
public static unsafe class NativeHeap
{
    /// <summary>The size of a heap of a thread in glibc (HEAP_MAX_SIZE).</summary>
    private const int MostBytes = 64 << 20;

    private const int BlockBytes = 1 << 20;

    /// <summary>
    /// Gives the memory that was freed back to the system, of all threads where it lies between blocks in use, of this thread
    /// also where it lies behind them. The C library keeps it otherwise, and what is allocated next out of it does not show as
    /// growth.
    /// </summary>
    /// <returns>False with a C library that has no such function.</returns>
    /// <remarks>
    /// malloc_trim(3) gives back what lies between blocks. What lies behind the last one, up to twice the largest block that was
    /// ever freed, it gives back only in the main thread's heap (glibc 2.41 and before). So that is made to lie between blocks,
    /// without writing to it.
    /// </remarks>
    public static bool TryTrim()
    {
        Span<nint> blocks = stackalloc nint[MostBytes / BlockBytes];
        int taken = 0;
        try
        {
            while (taken < blocks.Length && TryTake(out blocks[taken])) taken++;
            // The last one stays, or the others would lie behind all that is in use again.
            for (int i = 0; i < taken - 1; i++) NativeMemory.Free((void*)blocks[i]);
            if (taken > 0) blocks[0] = blocks[taken - 1];
            taken = Math.Min(taken, 1);
            _ = Libc.TrimHeap(keep: 0);
            return true;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
        finally
        {
            for (int i = 0; i < taken; i++) NativeMemory.Free((void*)blocks[i]);
        }
    }

    /// <summary>
    /// Takes a block out of the heap; false where it would be mapped by itself, since none that large was ever freed, or where
    /// there is no more address space.
    /// </summary>
    private static bool TryTake(out nint block)
    {
        void* address = Libc.Allocate(BlockBytes);
        block = (nint)address;
        if (address is null) return false;
        // One that is mapped by itself takes whole pages, less two words before it.
        bool isMapped = (Libc.UsableSize(address) + (nuint)(2 * sizeof(nuint))) % (nuint)Environment.SystemPageSize == 0;
        if (isMapped) NativeMemory.Free(address);
        return !isMapped;
    }
}
