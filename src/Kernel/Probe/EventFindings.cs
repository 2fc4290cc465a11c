namespace Observatory.Kernel;

/// <summary>Findings that come from opening an event and closing it again.</summary>
/// <param name="isRefusing">Treats every event as refused without trying it.</param>
internal sealed class EventFindings(bool isRefusing = false)
{
    // Of no consequence: the events are never enabled.
    private const int WakeupBytes = 4096;

    public KernelFinding CpuSwitches()
    {
        PerfEventAttributes attributes = PerfEventTemplates.Switches(WakeupBytes);
        return TryOpen(KernelAspects.CpuSwitches, attributes, PerfEvent.AllThreads, FirstCpu());
    }

    /// <summary>All that a <see cref="ThreadRecording"/> opens on a thread, its ring included.</summary>
    public KernelFinding ThreadSwitches()
    {
        if (isRefusing) return Refused(KernelAspects.ThreadSwitches, Errno.AccessDenied, Remedies.OwnThreads);
        try
        {
            ThreadRingOpener opener = new(new ThreadRecordingOptions());
            using EventRing? ring = opener.TryOpen(PerfEvent.CallingThread, out _)?.Ring;
            return ring is null
                ? new(KernelAspects.ThreadSwitches, false, "no ring of even a page", Remedies.LockedMemory)
                : new(KernelAspects.ThreadSwitches, true, $"{opener.RingBytes / 1024} KiB per thread", Remedies.None);
        }
        catch (KernelAccessException refusal)
        {
            bool isDenied = refusal.Kind == KernelAccessFailure.PermissionDenied;
            return new KernelFinding(
                KernelAspects.ThreadSwitches, false, refusal.Message, isDenied ? Remedies.OwnThreads : refusal.Remedy);
        }
    }

    /// <summary>Page faults, and whether those that happen within system calls are among them.</summary>
    public KernelFinding PageFaults()
    {
        if (!isRefusing && ThreadEvents.AreKernelFaultsAllowed())
            return new(KernelAspects.PageFaults, true, "those within system calls too", Remedies.None);
        PerfEventAttributes attributes = PerfEventTemplates.MinorFaults(1, WakeupBytes);
        attributes.Flags |= PerfEventFlags.UserModeOnly;
        KernelFinding userOnly = TryOpen(
            KernelAspects.PageFaults, attributes, PerfEvent.CallingThread, PerfEvent.AnyCpu, denied: Remedies.OwnThreads);
        return userOnly.IsOk ? userOnly with { Reason = "those outside of system calls only" } : userOnly;
    }

    public KernelFinding HardwareCounters()
    {
        PerfEventAttributes attributes = PerfEventTemplates.ProcessorCycles();
        return TryOpen(
            KernelAspects.HardwareCounters,
            attributes,
            PerfEvent.CallingThread,
            PerfEvent.AnyCpu,
            denied: Remedies.OwnThreads,
            missing: Remedies.Hardware);
    }

    /// <summary>The tracepoint's id, and samples of it.</summary>
    public KernelFinding[] Wakings(string? tracefsRoot)
    {
        try
        {
            WakingTracepoint tracepoint = WakingTracepoint.Find(tracefsRoot);
            string reason = $"{tracepoint.Id}, from {tracepoint.Source}";
            return [new(KernelAspects.TracepointId, true, reason, Remedies.None), Samples(tracepoint.Id)];
        }
        catch (KernelAccessException refusal)
        {
            return
            [
                new(KernelAspects.TracepointId, false, refusal.Message, refusal.Remedy),
                new(KernelAspects.WakingSamples, false, "not tried: needs the id", refusal.Remedy),
            ];
        }
    }

    private KernelFinding Samples(long tracepointId)
    {
        PerfEventAttributes attributes = PerfEventTemplates.Tracepoint(tracepointId, WakeupBytes);
        return TryOpen(KernelAspects.WakingSamples, attributes, PerfEvent.AllThreads, FirstCpu());
    }

    private KernelFinding TryOpen(
        string name,
        in PerfEventAttributes attributes,
        int threadId,
        int cpu,
        string denied = Remedies.Paranoid,
        string missing = Remedies.NewerKernel)
    {
        int error = Errno.AccessDenied;
        using PerfEvent? opened = isRefusing ? null : PerfEvent.TryOpen(attributes, threadId, cpu, out error);
        return opened is not null
            ? new KernelFinding(name, true, "opens", Remedies.None)
            : Refused(name, error, denied, missing);
    }

    private static KernelFinding Refused(
        string name, int error, string denied, string missing = Remedies.NewerKernel)
    {
        KernelAccessException refusal = KernelAccessException.FromError(error, "refused");
        bool isAbsent = refusal.Kind == KernelAccessFailure.NotSupported && missing == Remedies.Hardware;
        string reason = isAbsent ? $"this machine has none (errno {error})" : refusal.Message;
        return new KernelFinding(name, false, reason, refusal.Kind switch
        {
            KernelAccessFailure.PermissionDenied => denied,
            KernelAccessFailure.NotSupported => missing,
            _ => refusal.Remedy,
        });
    }

    // CPU 0 can be offline on some machines.
    private static int FirstCpu()
    {
        try
        {
            return OnlineCpus.Read()[0];
        }
        catch (KernelAccessException)
        {
            return 0;
        }
    }
}

/// <summary>The finding that comes from opening the whole recording: limits on memory count all its rings.</summary>
internal static class RecordingFinding
{
    public static KernelFinding RingMemory(SchedulerRecordingOptions options)
    {
        try
        {
            using SchedulerRecording recording = SchedulerRecording.Open(options);
            bool isFull = recording.RingBytesPerCpu == options.RingBytesPerCpu;
            string reason = $"{recording.RingBytesPerCpu / 1024} KiB for each of {recording.Cpus.Count} CPUs"
                + (isFull ? "" : $", of {options.RingBytesPerCpu / 1024} KiB wanted");
            return new KernelFinding(
                KernelAspects.RingMemory, isFull, reason, isFull ? Remedies.None : Remedies.LockedMemory);
        }
        catch (KernelAccessException refusal)
        {
            return new KernelFinding(KernelAspects.RingMemory, false, refusal.Message, refusal.Remedy);
        }
    }

    /// <summary>For a machine where the recording's events are refused.</summary>
    public static KernelFinding NotTried(IEnumerable<KernelFinding> needed) => new(
        KernelAspects.RingMemory, false, "not tried: needs the events", needed.First(finding => !finding.IsOk).Remedy);
}
