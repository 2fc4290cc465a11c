namespace Observatory.Kernel;

/// <summary>What <see cref="KernelProbe"/> tries.</summary>
public sealed record KernelProbeOptions
{
    /// <summary>The recording that is wanted: its ring size and tracefs are what is probed.</summary>
    public SchedulerRecordingOptions Recording { get; init; } = new();

    /// <summary>Where procfs is mounted.</summary>
    public string ProcRoot { get; init; } = "/proc";

    /// <summary>
    /// Takes every event for refused without trying it, as perf_event_paranoid 3 would: what is left then.
    /// </summary>
    public bool RefuseEvents { get; init; }
}
