namespace Observatory.Kernel;

/// <summary>How a <see cref="SchedulerRecording"/> is opened.</summary>
public sealed record SchedulerRecordingOptions
{
    /// <summary>
    /// Bytes of ring wanted per CPU: a power of two, at least a page. Fewer are taken where the memory-lock limit
    /// asks for it; see <see cref="SchedulerRecording.RingBytesPerCpu"/>.
    /// </summary>
    public int RingBytesPerCpu { get; init; } = 2 * 1024 * 1024;

    /// <summary>Where tracefs is mounted; null for the usual places, then one without a mount point.</summary>
    public string? TracefsRoot { get; init; }

    /// <summary>
    /// Also records who begins, who ends and what they call themselves; see <see cref="CommRecord"/>. A record each,
    /// and the only ones that allocate.
    /// </summary>
    public bool Names { get; init; } = true;

    /// <summary>
    /// Also records every major page fault of everybody. They are rare, and each is a read from a device. Minor faults
    /// are recorded per thread only; <see cref="ThreadRecordingOptions.MinorFaultPeriod"/> says why.
    /// </summary>
    public bool MajorFaults { get; init; }

    internal void Validate() => RingSize.Demand(RingBytesPerCpu);
}
