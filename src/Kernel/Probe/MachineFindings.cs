using System.Globalization;

namespace Observatory.Kernel;

/// <summary>Findings that come from /proc and from trying a thread of our own.</summary>
internal static class MachineFindings
{
    // More than a runtime and a library for computation begin on most machines.
    private const int ManyThreads = 100;

    public static KernelFinding KernelVersion(string procRoot) =>
        KernelText.TryRead($"{procRoot}/sys/kernel/osrelease", out string release)
            ? new(KernelAspects.KernelVersion, true, release.Trim(), Remedies.None)
            : new(KernelAspects.KernelVersion, false, "osrelease cannot be read", Remedies.ProcFs);

    public static KernelFinding Paranoid(string procRoot)
    {
        // The file is also how perf_event_open(2) says to tell whether the kernel has perf events at all.
        if (!KernelText.TryRead($"{procRoot}/sys/kernel/perf_event_paranoid", out string text)
            || !ParanoidLevel.TryParse(text, out int level))
            return new(KernelAspects.Paranoid, false, "the kernel has no perf events", Remedies.NewerKernel);

        bool isOwnAllowed = level <= 2;
        string remedy = isOwnAllowed ? Remedies.None : Remedies.OwnThreads;
        return new(KernelAspects.Paranoid, isOwnAllowed, ParanoidLevel.Describe(level), remedy);
    }

    public static KernelFinding RealTime()
    {
        string reason = "";
        bool isSet = false;

        // On a thread that ends here, so that the caller keeps its own priority.
        Thread thread = new(() => isSet = RealTimePriority.TrySetForCallingThread(1, out reason));
        thread.Start();
        thread.Join();
        return isSet
            ? new(KernelAspects.RealTimePriority, true, "SCHED_FIFO 1 is granted", Remedies.None)
            : new(KernelAspects.RealTimePriority, false, reason, RealTimeRemedy());
    }

    public static KernelFinding ProcFs(string procRoot)
    {
        int processId = Environment.ProcessId;
        bool isRead = ProcessThreads.List(processId, procRoot)
            .Any(threadId => ThreadSchedule.TryRead(processId, threadId, out _, procRoot));
        return isRead
            ? new(KernelAspects.ProcFs, true, "readable", Remedies.None)
            : new(KernelAspects.ProcFs, false, $"no {procRoot}/PID/task/TID/schedstat can be read", Remedies.ProcFs);
    }

    /// <summary>Whether the kernel accounts for stalls; Documentation/accounting/psi.rst.</summary>
    public static KernelFinding Pressure(string procRoot)
    {
        string[] told = [.. PressureStall.Resources.Where(resource => PressureStall.TryRead(resource, out _, procRoot))];
        return told.Length > 0
            ? new(KernelAspects.Pressure, true, $"of {string.Join(", ", told)}", Remedies.None)
            : new(KernelAspects.Pressure, false, $"{procRoot}/pressure cannot be read", Remedies.Pressure);
    }

    /// <summary>For how many threads the limits leave memory; perf_event_open(2), "perf_event_mlock_kb".</summary>
    public static KernelFinding ThreadMemory(string procRoot)
    {
        if (LockedMemory.Read(procRoot) is not { } memory)
            return new(KernelAspects.ThreadMemory, false, "the limits cannot be read", Remedies.ProcFs);
        int ringBytes = new ThreadRecordingOptions().RingBytesPerThread;
        bool isEnough = memory.RoomFor(ringBytes) >= ManyThreads;
        return new(KernelAspects.ThreadMemory, isEnough, memory.Describe(ringBytes), isEnough ? Remedies.None : Remedies.LockedMemory);
    }

    /// <summary>What modelled fault times are made of.</summary>
    public static KernelFinding FaultCost() => FaultCalibration.Measure() is { } cost
        ? new(
            KernelAspects.FaultCost,
            true,
            string.Create(CultureInfo.InvariantCulture, $"{cost.Seconds * 1e6:0.00} us of CPU time ({cost.Lowest * 1e6:0.00} to {cost.Highest * 1e6:0.00} in {cost.Rounds} rounds of {cost.FaultsPerRound}); modelled fault times rest on it"),
            Remedies.None)
        : new(KernelAspects.FaultCost, false, "/proc/thread-self/stat does not count them", Remedies.ProcFs);

    private static string RealTimeRemedy() =>
        RealTimeBudget.FindEmpty() is { } file ? Remedies.RealTimeGroup(file) : Remedies.RealTime;
}

/// <summary>The value of /proc/sys/kernel/perf_event_paranoid.</summary>
/// <remarks>Documentation/admin-guide/sysctl/kernel.rst. 3 and 4 are additions of Debian, Ubuntu and Android.</remarks>
internal static class ParanoidLevel
{
    public static bool TryParse(ReadOnlySpan<char> text, out int level) => int.TryParse(text.Trim(), out level);

    public static string Describe(int level) => level switch
    {
        < 0 => $"{level}: everyone may record everything",
        0 => "0: everyone may record CPU-wide, but no tracepoint samples",
        1 => "1: everyone may record their own processes, kernel included",
        2 => "2: everyone may record their own processes, kernel left out",
        _ => $"{level}: only CAP_PERFMON may record",
    };
}
