namespace Observatory.Kernel;

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
