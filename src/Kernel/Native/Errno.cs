namespace Observatory.Kernel;

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
