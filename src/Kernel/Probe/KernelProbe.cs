namespace Observatory.Kernel;

/// <summary>Tries what each tier needs, for real, and leaves nothing open.</summary>
public static class KernelProbe
{
    /// <summary>Tries everything once; some milliseconds, never throws because a right is missing.</summary>
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

/// <summary>What <see cref="KernelProbe"/> tries.</summary>
public sealed record KernelProbeOptions
{
    /// <summary>The recording that is wanted: its ring size and tracefs are what is probed.</summary>
    public SchedulerRecordingOptions Recording { get; init; } = new();

    /// <summary>Where procfs is mounted.</summary>
    public string ProcRoot { get; init; } = "/proc";

    /// <summary>
    /// Treats every event as refused without trying it, as perf_event_paranoid 3 would.
    /// </summary>
    public bool RefuseEvents { get; init; }
}

/// <summary>What this process may see of the kernel.</summary>
/// <param name="Tier">The highest tier within reach.</param>
/// <param name="Findings">Every aspect, named as in <see cref="KernelAspects"/>, in a fixed order.</param>
public sealed record KernelProbeResult(KernelTier Tier, IReadOnlyList<KernelFinding> Findings);

/// <summary>What was found out about one aspect of the machine.</summary>
/// <param name="Name">The aspect.</param>
/// <param name="IsOk">It is available; otherwise refused, or not there.</param>
/// <param name="Reason">What was seen.</param>
/// <param name="Remedy">The command or capability that would change a refusal; empty when all is well.</param>
public sealed record KernelFinding(string Name, bool IsOk, string Reason, string Remedy);

/// <summary>How much of the scheduler can be seen; each tier includes those before it.</summary>
public enum KernelTier
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Totals per thread, from /proc.</summary>
    ProcFs,

    /// <summary>The switches of threads of the caller's uid.</summary>
    Thread,

    /// <summary>Every switch and every waking on every CPU.</summary>
    Kernel,
}

/// <summary>Names of the findings of <see cref="KernelProbe"/>.</summary>
public static class KernelAspects
{
    public const string KernelVersion = "kernel version";
    public const string Paranoid = "perf_event_paranoid";
    public const string CpuSwitches = "context switches of all CPUs";
    public const string TracepointId = "sched_waking id";
    public const string WakingSamples = "sched_waking samples";
    public const string RingMemory = "ring memory";
    public const string RealTimePriority = "real-time priority";
    public const string ThreadSwitches = "context switches of own threads";
    public const string ThreadMemory = "memory for rings of threads";
    public const string PageFaults = "page faults of own threads";
    public const string FaultCost = "cost of a minor page fault";
    public const string ProcFs = "schedstat in procfs";
    public const string Pressure = "pressure (PSI) in procfs";
    public const string HardwareCounters = "hardware counters";
}
