using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>struct timespec of a 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TimeSpecification(long Seconds, long Nanoseconds);
