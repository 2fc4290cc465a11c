using System.Runtime.InteropServices;

namespace Observatory.FaultTarget;

/// <summary>A mutex of the C library: a wait for it is a futex that the runtime knows nothing of.</summary>
internal sealed unsafe partial class NativeMutex
{
    // Larger than any pthread_mutex_t; all zeros is PTHREAD_MUTEX_INITIALIZER. Never freed: threads may still wait for it.
    private const int Size = 128;
    private readonly void* _mutex = NativeMemory.AllocZeroed(Size);

    public void Enter() => _ = Lock(_mutex);

    public void Exit() => _ = Unlock(_mutex);

    [LibraryImport("libc", EntryPoint = "pthread_mutex_lock")]
    private static partial int Lock(void* mutex);

    [LibraryImport("libc", EntryPoint = "pthread_mutex_unlock")]
    private static partial int Unlock(void* mutex);
}

/// <summary>Memory whose pages can be given back to the kernel, which then has to map them anew; madvise(2).</summary>
internal sealed unsafe partial class FreshPages(int pages) : IDisposable
{
    private const int PageSize = 4096;
    private const int DontNeed = 4;
    private readonly nuint _length = (nuint)(pages * PageSize);
    private readonly byte* _memory = Map(pages);

    public void Touch()
    {
        for (int page = 0; page < pages; page++) _memory[page * PageSize] = 1;
    }

    public void GiveBack() => _ = Advise(_memory, _length, DontNeed);

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private static byte* Map(int pages)
    {
        const int NoHugePages = 15;
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)(pages * PageSize), PageSize);
        _ = Advise(memory, (nuint)(pages * PageSize), NoHugePages);
        return memory;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* memory, nuint length, int advice);
}

/// <summary>
/// A native call of some milliseconds that is declared as one so short that its thread need not tell the runtime of it: until it returns, the
/// runtime cannot suspend its threads.
/// </summary>
internal static unsafe partial class LongCall
{
    private const nuint Length = 64 << 20;
    private static readonly void* Memory = NativeMemory.Alloc(Length);

    public static void Run() => Fill(Memory, 1, Length);

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "memset")]
    private static partial void* Fill(void* memory, int value, nuint length);
}
