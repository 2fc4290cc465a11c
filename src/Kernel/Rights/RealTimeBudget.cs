namespace Observatory.Kernel;

/// <summary>Whether the calling thread's control group may have real-time threads, whatever the capabilities.</summary>
/// <remarks>
/// Documentation/scheduler/sched-rt-group.rst: with CONFIG_RT_GROUP_SCHED a new group has a budget of 0, and SCHED_FIFO
/// is refused with EPERM. Docker on cgroup version 1 makes such groups.
/// </remarks>
internal static class RealTimeBudget
{
    /// <returns>The file that says 0; null when the group is not what refuses, or cannot be seen.</returns>
    public static string? FindEmpty(string procRoot = "/proc", string cgroupRoot = "/sys/fs/cgroup")
    {
        if (!KernelText.TryRead($"{procRoot}/thread-self/cgroup", out string cgroup)) return null;
        if (CgroupPath.Find(cgroup, "cpu") is not { } path) return null;
        foreach (string mount in (string[])[$"{cgroupRoot}/cpu", $"{cgroupRoot}/cpu,cpuacct"])
        {
            foreach (string directory in CgroupPath.Candidates(mount, path, isOurs: true))
            {
                string file = $"{directory}/cpu.rt_runtime_us";
                if (KernelText.TryRead(file, out string text)) return text.Trim() == "0" ? file : null;
            }
        }

        return null;
    }
}
