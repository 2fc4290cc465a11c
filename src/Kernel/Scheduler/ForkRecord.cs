namespace Observatory.Kernel;

/// <summary>A thread began, in the process of its parent or as the first of a new one; PERF_RECORD_FORK.</summary>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds.</param>
/// <param name="Cpu">The CPU that the parent was on.</param>
/// <param name="ProcessId">The new thread's process, in the opener's pid namespace; 0 outside it.</param>
/// <param name="ThreadId">The new thread, in the opener's pid namespace; 0 outside it. Older ones of this id are gone.
/// </param>
/// <param name="ParentProcessId">The process of the thread that began it.</param>
/// <param name="ParentThreadId">The thread that began it, whose name it bears.</param>
public readonly record struct ForkRecord(
    long Time,
    int Cpu,
    int ProcessId,
    int ThreadId,
    int ParentProcessId,
    int ParentThreadId);
