namespace Observatory.Kernel;

/// <summary>Tries what each tier needs, for real, and leaves nothing open.</summary>
public static class KernelProbe
{
    /// <summary>Tries everything once; some milliseconds, never throws for want of a right.</summary>
    /// <exception cref="ArgumentException">The ring size is not a power of two of at least a page.</exception>
    public static KernelProbeResult Probe(KernelProbeOptions? options = null)
    {
        options ??= new KernelProbeOptions();
        options.Recording.Validate();
        EventFindings events = new(options.RefuseEvents);
        KernelFinding[] needed =
        [
            events.CpuSwitches(),
            .. events.Wakings(options.Recording.TracefsRoot),
        ];
        bool isKernelTier = needed.All(finding => finding.IsOk);
        KernelFinding[] findings =
        [
            MachineFindings.KernelVersion(options.ProcRoot),
            MachineFindings.Paranoid(options.ProcRoot),
            .. needed,
            isKernelTier ? RecordingFinding.RingMemory(options.Recording) : RecordingFinding.NotTried(needed),
            MachineFindings.RealTime(),
            events.ThreadSwitches(),
            MachineFindings.ThreadMemory(options.ProcRoot),
            events.PageFaults(),
            MachineFindings.FaultCost(),
            MachineFindings.ProcFs(options.ProcRoot),
            MachineFindings.Pressure(options.ProcRoot),
            events.HardwareCounters(),
        ];
        return new KernelProbeResult(TierOf(findings), findings);
    }

    /// <summary>Tries to open one of the processor's own counters for the calling thread.</summary>
    public static KernelFinding HardwareCounters() => new EventFindings().HardwareCounters();

    /// <summary>The highest tier whose needs are all met.</summary>
    internal static KernelTier TierOf(IReadOnlyCollection<KernelFinding> findings)
    {
        HashSet<string> met = [.. findings.Where(finding => finding.IsOk).Select(finding => finding.Name)];
        if (met.IsSupersetOf([KernelAspects.CpuSwitches, KernelAspects.TracepointId, KernelAspects.WakingSamples]))
            return KernelTier.Kernel;
        if (met.Contains(KernelAspects.ThreadSwitches)) return KernelTier.Thread;
        return met.Contains(KernelAspects.ProcFs) ? KernelTier.ProcFs : KernelTier.None;
    }
}
