namespace Observatory.Kernel;

/// <summary>Page faults of a process, its threads that have ended included; proc_pid_stat(5).</summary>
public static class ProcessFaults
{
    /// <summary>Reads /proc/PID/stat, which has the fields of a thread's line with the sums of the whole process.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="minor">Faults that needed nothing to be read from a device.</param>
    /// <param name="major">Faults that waited for a device.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <returns>False when the process is gone or hidden.</returns>
    public static bool TryRead(int processId, out long minor, out long major, string procRoot = "/proc")
    {
        (minor, major) = (0, 0);
        if (!KernelText.TryRead($"{procRoot}/{processId}/stat", out string text)) return false;
        if (!ThreadStat.TryParse(text, out ThreadInfo sums)) return false;
        (minor, major) = (sums.MinorFaults, sums.MajorFaults);
        return true;
    }
}
