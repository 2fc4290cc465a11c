namespace Observatory.Kernel;

/// <summary>How a <see cref="ThreadRecording"/> is opened.</summary>
public sealed record ThreadRecordingOptions
{
    /// <summary>
    /// Bytes of ring wanted per thread: a power of two, at least a page. Fewer are taken where the memory-lock limit
    /// asks for it. 32 KiB hold 1000 switches of one thread.
    /// </summary>
    public int RingBytesPerThread { get; init; } = 32 * 1024;

    /// <summary>
    /// Records context switches, names, beginnings and ends. False leaves page faults only, beside a
    /// <see cref="SchedulerRecording"/> that has the rest.
    /// </summary>
    public bool Switches { get; init; } = true;

    /// <summary>Minor page faults of one thread per <see cref="PageFaultsRecord"/>; 0 records none.</summary>
    /// <remarks>
    /// Counted per thread, never per CPU: a CPU's every 64th fault is charged to whoever had it, so that a thread with
    /// few of them gets 64 or none. Per thread, the sum is at most one period behind the truth, forever.
    /// Measured with fresh memory, 1.6 us per fault and 2 virtual CPUs, added time per fault: period 1 0.57 us,
    /// 16 0.11 us, 64 0.08 us, 256 0.07 us (nearly all of it that an event is there at all). At 250,000 faults per
    /// second that is 14 %, 2.8 %, 2.1 % and 1.8 % of the faulting thread. 64 is the smallest period that costs little
    /// more than none would. Totals that need no instant are free in <see cref="ThreadInfo.MinorFaults"/>.
    /// </remarks>
    public int MinorFaultPeriod { get; init; }

    /// <summary>Records every major page fault of the threads.</summary>
    public bool MajorFaults { get; init; }

    internal bool HasFaults => MinorFaultPeriod > 0 || MajorFaults;

    internal void Validate()
    {
        RingSize.Demand(RingBytesPerThread);
        ArgumentOutOfRangeException.ThrowIfNegative(MinorFaultPeriod);
        if (!Switches && !HasFaults) throw new ArgumentException("Neither switches nor faults: nothing to record.");
    }
}
