namespace Observatory.Kernel;

/// <summary>Findings that come from opening an event and closing it again.</summary>
internal static class EventFindings
{
    // Of no consequence: the events are never enabled.
    private const int WakeupBytes = 4096;

    public static KernelFinding CpuSwitches()
    {
        PerfEventAttributes attributes = PerfEventShapes.Switches(WakeupBytes);
        return TryOpen(KernelAspects.CpuSwitches, attributes, PerfEvent.AllThreads, FirstCpu());
    }

    public static KernelFinding ThreadSwitches()
    {
        PerfEventAttributes attributes = PerfEventShapes.OwnThreadSwitches(WakeupBytes);
        return TryOpen(
            KernelAspects.ThreadSwitches,
            attributes,
            PerfEvent.CallingThread,
            PerfEvent.AnyCpu,
            denied: Remedies.OwnThreads);
    }

    public static KernelFinding HardwareCounters()
    {
        PerfEventAttributes attributes = PerfEventShapes.Hardware(PerfEventShapes.Cycles);
        return TryOpen(
            KernelAspects.HardwareCounters,
            attributes,
            PerfEvent.CallingThread,
            PerfEvent.AnyCpu,
            denied: Remedies.OwnThreads,
            missing: Remedies.Hardware);
    }

    /// <summary>The tracepoint's id, and samples of it.</summary>
    public static KernelFinding[] Wakings(string? tracefsRoot)
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

    private static KernelFinding Samples(long tracepointId)
    {
        PerfEventAttributes attributes = PerfEventShapes.Tracepoint(tracepointId, WakeupBytes);
        return TryOpen(KernelAspects.WakingSamples, attributes, PerfEvent.AllThreads, FirstCpu());
    }

    private static KernelFinding TryOpen(
        string name,
        in PerfEventAttributes attributes,
        int threadId,
        int cpu,
        string denied = Remedies.Paranoid,
        string missing = Remedies.NewerKernel)
    {
        using PerfEvent? opened = PerfEvent.TryOpen(attributes, threadId, cpu, out int error);
        if (opened is not null) return new KernelFinding(name, true, "opens", Remedies.None);

        KernelAccessException refusal = KernelAccessException.FromError(error, "refused");
        return new KernelFinding(name, false, refusal.Message, refusal.Kind switch
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
