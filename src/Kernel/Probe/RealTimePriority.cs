using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>SCHED_FIFO for a thread that must not wait behind what it watches; sched(7).</summary>
public static class RealTimePriority
{
    private const int CallingThread = 0;
    private const int Fifo = 1;

    private const int ResetOnFork = 0x40000000;

    /// <summary>Puts the calling thread ahead of every ordinary one. For a dedicated thread that mostly waits.</summary>
    /// <remarks>Threads that it starts later are ordinary again.</remarks>
    /// <param name="priority">1 (lowest) to 99.</param>
    /// <param name="reason">Why not; empty on success.</param>
    public static bool TrySetForCallingThread(int priority, out string reason)
    {
        bool isSet =
            Libc.SetScheduler(SystemCall.SetScheduler, CallingThread, Fifo | ResetOnFork, in priority) == 0;
        reason = isSet ? "" : Refusal(priority, Marshal.GetLastPInvokeError());
        return isSet;
    }

    private static string Refusal(int priority, int error)
    {
        string? empty = error == Errno.NotPermitted ? RealTimeBudget.FindEmpty() : null;
        return $"SCHED_FIFO {priority}: {Marshal.GetPInvokeErrorMessage(error)}"
            + (empty is null ? "" : $": {empty} is 0, no capability helps");
    }
}

/// <summary>Whether the calling thread's control group may have real-time threads, whatever the capabilities.</summary>
/// <remarks>
/// Documentation/scheduler/sched-rt-group.rst: with CONFIG_RT_GROUP_SCHED a new group has a budget of 0, and SCHED_FIFO
/// is refused with EPERM. Docker on cgroup version 1 makes such groups.
/// </remarks>
internal static class RealTimeBudget
{
    private const string BudgetFile = "cpu.rt_runtime_us";

    /// <returns>The file that says 0; null when the group is not what refuses, or cannot be seen.</returns>
    public static string? FindEmpty(CgroupFiles? files = null)
    {
        IReadOnlyList<string> directories = (files ?? CgroupFiles.Machine).DirectoriesOfCallingThread(CpuQuota.Controller);
        if (directories.Count == 0 || CgroupFiles.Read(directories[0], BudgetFile) is not { } budget) return null;
        return budget.Trim() == "0" ? $"{directories[0]}/{BudgetFile}" : null;
    }
}
