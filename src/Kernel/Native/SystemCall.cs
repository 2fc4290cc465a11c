using System.Runtime.InteropServices;

namespace Observatory.Kernel;

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
