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

    internal void Validate()
    {
        int pageBytes = Environment.SystemPageSize;
        if (RingBytesPerCpu >= pageBytes && int.IsPow2(RingBytesPerCpu)) return;
        throw new ArgumentException(
            $"A ring is a power of two and at least {pageBytes} bytes; {RingBytesPerCpu} is not.");
    }
}
