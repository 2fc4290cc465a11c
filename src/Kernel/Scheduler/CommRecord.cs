namespace Observatory.Kernel;

/// <summary>A thread has a new name, which it gave itself or took by exec; PERF_RECORD_COMM.</summary>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds.</param>
/// <param name="Cpu">The CPU that it happened on.</param>
/// <param name="ProcessId">Its process, in the opener's pid namespace; 0 outside it.</param>
/// <param name="ThreadId">The thread that is so named, in the opener's pid namespace; 0 outside it.</param>
/// <param name="Name">At most 15 bytes.</param>
/// <remarks>
/// A thread begins with the name of the one that began it and no record of its own: see <see cref="ForkRecord"/>.
/// Names from before the recording are in <see cref="ThreadDirectory"/> and <see cref="ProcessName"/>.
/// </remarks>
public readonly record struct CommRecord(long Time, int Cpu, int ProcessId, int ThreadId, string Name);
