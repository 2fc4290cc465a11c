namespace Observatory.Kernel;

/// <summary>The events that the product opens.</summary>
internal static class PerfEventShapes
{
    // enum perf_hw_id.
    private const ulong Cycles = 0;

    private const ulong MinorFaultEvent = 5;
    private const ulong MajorFaultEvent = 6;
    private const ulong Dummy = 9;

    // Both events of a CPU share a ring and must then share the trailing layout and the clock.
    private const PerfEventFlags Common =
        PerfEventFlags.Disabled | PerfEventFlags.Watermark | PerfEventFlags.SampleIdAll | PerfEventFlags.UseClockId;

    private const PerfEventFlags Naming = PerfEventFlags.Names | PerfEventFlags.Tasks;

    /// <summary>Counts nothing; exists for the records of every context switch.</summary>
    /// <param name="wakeupBytes">The ring's watermark.</param>
    /// <param name="isNaming">Also writes who begins, who ends and what they call themselves.</param>
    public static PerfEventAttributes Switches(int wakeupBytes, bool isNaming = false) => new()
    {
        Type = PerfEventType.Software,
        Config = Dummy,
        SampleFields = PerfSampleFields.Identity,
        ReadFormat = PerfEventAttributes.ReadLost,
        Flags = Common | PerfEventFlags.ContextSwitch | (isNaming ? Naming : PerfEventFlags.None),
        WakeupWatermark = (uint)wakeupBytes,
        ClockId = MonotonicClock.ClockId,
    };

    /// <summary>A sample with the tracepoint's own fields each time it is passed.</summary>
    public static PerfEventAttributes Tracepoint(long id, int wakeupBytes) => new()
    {
        Type = PerfEventType.Tracepoint,
        Config = (ulong)id,
        SamplePeriod = 1,
        SampleFields = PerfSampleFields.Identity | PerfSampleFields.Raw,
        ReadFormat = PerfEventAttributes.ReadLost,
        Flags = Common,
        WakeupWatermark = (uint)wakeupBytes,
        ClockId = MonotonicClock.ClockId,
    };

    /// <summary>A sample each <paramref name="period"/> faults that need no device; without their count.</summary>
    public static PerfEventAttributes MinorFaults(int period, int wakeupBytes) => new()
    {
        Type = PerfEventType.Software,
        Config = MinorFaultEvent,
        SamplePeriod = (ulong)period,
        SampleFields = PerfSampleFields.Identity,
        ReadFormat = PerfEventAttributes.ReadLost,
        Flags = Common,
        WakeupWatermark = (uint)wakeupBytes,
        ClockId = MonotonicClock.ClockId,
    };

    /// <summary>A sample with its count for each fault that reads from a device.</summary>
    public static PerfEventAttributes MajorFaults(int wakeupBytes) => MinorFaults(1, wakeupBytes) with
    {
        Config = MajorFaultEvent,
        SampleFields = PerfSampleFields.Identity | PerfSampleFields.Period,
    };

    /// <summary>The switches of threads of the own uid: what perf_event_paranoid 2 leaves to everybody.</summary>
    public static PerfEventAttributes OwnThreadSwitches(int wakeupBytes)
    {
        PerfEventAttributes attributes = Switches(wakeupBytes);
        attributes.Flags |= PerfEventFlags.ExcludeKernel | PerfEventFlags.ExcludeHypervisor;
        return attributes;
    }

    /// <summary>A counter of the processor itself; virtual machines often have none.</summary>
    public static PerfEventAttributes ProcessorCycles() => new()
    {
        Type = PerfEventType.Hardware,
        Config = Cycles,
        Flags = PerfEventFlags.ExcludeKernel | PerfEventFlags.ExcludeHypervisor,
    };
}
