namespace Observatory.Kernel;

/// <summary>Page faults of one thread; the software events page-faults-min and page-faults-maj.</summary>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds, of the last of them.</param>
/// <param name="Cpu">The CPU that the last of them was on.</param>
/// <param name="ProcessId">The thread's process, in the opener's pid namespace; 0 outside it.</param>
/// <param name="ThreadId">The thread, in the opener's pid namespace; 0 outside it.</param>
/// <param name="Count">
/// How many since this thread's record before, or since the recording of it began: all of them this thread's own.
/// </param>
/// <param name="IsMajor">They read from a device; otherwise the page was in memory, or only had to be cleared.</param>
/// <remarks>An instant and a number, no duration. Source: perf_event_open(2).</remarks>
public readonly record struct PageFaultsRecord(
    long Time,
    int Cpu,
    int ProcessId,
    int ThreadId,
    long Count,
    bool IsMajor);
