namespace Observatory.Kernel;

/// <summary>One thread as the kernel sees it now; /proc/PID/task/TID/stat.</summary>
/// <param name="ThreadId">The thread, in the pid namespace of the /proc that was read.</param>
/// <param name="Name">Its own name, at most 15 bytes; threads of one process may bear different ones.</param>
/// <param name="State">R running or runnable, S sleeping, D waiting for a device, and so on; proc_pid_stat(5).</param>
/// <param name="Processor">The CPU that it last ran on.</param>
/// <param name="MinorFaults">Page faults since it began that needed no device.</param>
/// <param name="MajorFaults">Page faults since it began that read from a device.</param>
public readonly record struct ThreadInfo(
    int ThreadId,
    string Name,
    char State,
    int Processor,
    long MinorFaults,
    long MajorFaults);
