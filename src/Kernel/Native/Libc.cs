using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Observatory.Kernel;

/// <summary>Every foreign function of the product but the four that src/Contract calls in the observed program.</summary>
/// <remarks>
/// <c>syscall</c> takes its arguments as machine words, so numbers are passed as <see cref="nint"/>: a narrower one
/// leaves the upper half of its register to chance.
/// </remarks>
internal static unsafe partial class Libc
{
    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial DescriptorHandle OpenPerfEvent(
        nint number, in PerfEventAttributes attributes, nint pid, nint cpu, nint groupDescriptor, nint flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial DescriptorHandle OpenFileSystem(nint number, string name, nint flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint ConfigureFileSystem(
        nint number, DescriptorHandle context, nint command, nint key, nint value, nint auxiliary);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial DescriptorHandle MountFileSystem(
        nint number, DescriptorHandle context, nint flags, nint attributes);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint SetScheduler(nint number, nint threadId, nint policy, in int priority);

    [LibraryImport(Library, EntryPoint = "syscall")]
    public static partial nint GetThreadId(nint number);

    [LibraryImport(Library, EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SetAffinity(int threadId, nuint maskBytes, ReadOnlySpan<byte> mask);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint StatusOf(
        nint number, nint folder, string path, nint flags, nint mask, Span<byte> status);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial DescriptorHandle Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "fchown", SetLastError = true)]
    public static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(DescriptorHandle descriptor, nuint request, nint argument);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(DescriptorHandle descriptor, Span<byte> buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(nint descriptor);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(Span<PollRequest> requests, nuint count, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(
        nint address, nuint length, int protection, int flags, DescriptorHandle descriptor, nint offset);

    [LibraryImport(Library, EntryPoint = "mmap")]
    public static partial nint MapAnonymous(
        nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport(Library, EntryPoint = "madvise")]
    public static partial int Advise(nint address, nuint length, int advice);

    [LibraryImport(Library, EntryPoint = "munmap")]
    public static partial int Unmap(nint address, nuint length);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static partial int SendSignal(int processId, int signal);

    // No transition: the call is answered in the vDSO in some 20 ns and cannot block.
    [LibraryImport(Library, EntryPoint = "clock_gettime"), SuppressGCTransition]
    public static partial int GetTime(int clock, out TimeSpecification time);

    [LibraryImport(Library, EntryPoint = "malloc_trim")]
    public static partial int TrimHeap(nuint keep);

    [LibraryImport(Library, EntryPoint = "malloc")]
    public static partial void* Allocate(nuint bytes);

    [LibraryImport(Library, EntryPoint = "malloc_usable_size")]
    public static partial nuint UsableSize(void* block);
}

/// <summary>Numbers of the system calls that libc has no function for, or not every libc.</summary>
/// <remarks>arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h for arm64.</remarks>
internal static class SystemCall
{
    // Calls added since 5.1 have one number everywhere.
    public const int OpenFileSystem = 430;
    public const int ConfigureFileSystem = 431;
    public const int MountFileSystem = 432;

    private static readonly bool IsX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    public static int PerfEventOpen => IsX64 ? 298 : 241;

    // musl refuses its own sched_setscheduler, on principle, with ENOSYS.
    public static int SetScheduler => IsX64 ? 144 : 119;

    // glibc has the function since 2.28 only.
    public static int StatusOf => IsX64 ? 332 : 291;

    public static int GetThreadId => IsX64 ? 186 : 178;
}

/// <summary>The error numbers that decide what happens next, on x64 and arm64; others are only reported.</summary>
/// <remarks>include/uapi/asm-generic/errno-base.h and errno.h.</remarks>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NoSuchProcess = 3;
    public const int NoMemory = 12;
    public const int AccessDenied = 13;
    public const int NoDevice = 19;
    public const int NotAFolder = 20;
    public const int InvalidArgument = 22;
    public const int TooManyFilesInSystem = 23;
    public const int TooManyFiles = 24;
    public const int NoSystemCall = 38;
    public const int NotSupported = 95;
}

/// <summary>An open file descriptor.</summary>
internal sealed class DescriptorHandle() : SafeHandleMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>The descriptor's number, for a call that takes it inside a structure or an argument word.</summary>
    public int Number => (int)handle;

    protected override bool ReleaseHandle() => Libc.Close(handle) == 0;
}

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
