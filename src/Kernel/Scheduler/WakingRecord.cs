namespace Observatory.Kernel;

/// <summary>A thread is being woken and from now on waits for a CPU; the tracepoint sched:sched_waking.</summary>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds.</param>
/// <param name="Cpu">The CPU that the waking happens on, not the one that the woken thread will run on.</param>
/// <param name="WakerProcessId">The process that was running there, in the opener's pid namespace.</param>
/// <param name="WakerThreadId">
/// The thread that was running there, in the opener's pid namespace; 0 for the idle thread and outside the namespace.
/// An interrupt wakes in the name of whoever it interrupted: see <paramref name="IsInterrupt"/>.
/// </param>
/// <param name="WokenThreadId">The woken thread, in the opener's pid namespace; 0 when that id is not known.</param>
/// <param name="IsInterrupt">The waker is an interrupt, hard or soft: a timer or a device, not the thread that was running.</param>
/// <remarks>Source: include/trace/events/sched.h. A thread may be woken without having been blocked.</remarks>
public readonly record struct WakingRecord(
    long Time,
    int Cpu,
    int WakerProcessId,
    int WakerThreadId,
    int WokenThreadId,
    bool IsInterrupt = false);
