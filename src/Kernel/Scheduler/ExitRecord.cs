namespace Observatory.Kernel;

/// <summary>A thread is ending: it still switches out, under the id -1, and then is gone; PERF_RECORD_EXIT.</summary>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds.</param>
/// <param name="Cpu">The CPU that it was on.</param>
/// <param name="ProcessId">Its process, in the opener's pid namespace; 0 outside it.</param>
/// <param name="ThreadId">The thread, in the opener's pid namespace; 0 outside it. The id is free from now on.</param>
public readonly record struct ExitRecord(long Time, int Cpu, int ProcessId, int ThreadId);
