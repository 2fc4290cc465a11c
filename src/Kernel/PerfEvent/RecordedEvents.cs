namespace Observatory.Kernel;

/// <summary>The events that the product opens.</summary>
internal static class PerfEventTemplates
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
    /// <param name="isNaming">Also records threads that begin, end and change their names.</param>
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

    /// <summary>The switches of threads of the caller's uid: what perf_event_paranoid 2 allows every user.</summary>
    public static PerfEventAttributes OwnThreadSwitches(int wakeupBytes)
    {
        PerfEventAttributes attributes = Switches(wakeupBytes);
        attributes.Flags |= PerfEventFlags.UserModeOnly;
        return attributes;
    }

    /// <summary>A counter of the processor itself; virtual machines often have none.</summary>
    public static PerfEventAttributes ProcessorCycles() => new()
    {
        Type = PerfEventType.Hardware,
        Config = Cycles,
        Flags = PerfEventFlags.UserModeOnly,
    };
}

/// <summary>An event to open into a ring.</summary>
/// <param name="Attributes">What the kernel is asked for.</param>
/// <param name="What">What that is, for a refusal's message.</param>
/// <param name="Filter">Lets through only a part of a tracepoint's events; null for all.</param>
internal readonly record struct RingEvent(PerfEventAttributes Attributes, string What, string? Filter = null);

/// <summary>What a <see cref="SchedulerRecording"/> opens on every CPU.</summary>
internal static class CpuWideEvents
{
    /// <param name="options">What is wanted.</param>
    /// <param name="wakingId">Number of the tracepoint sched_waking.</param>
    /// <param name="ringBytes">The size of the ring that they will share.</param>
    /// <param name="interrupts">Also what interrupts are served for; null where that cannot be recorded.</param>
    public static RingEvent[] For(SchedulerRecordingOptions options, long wakingId, int ringBytes, InterruptTracepoints? interrupts = null)
    {
        int wakeupBytes = ringBytes / 4;
        List<RingEvent> events =
        [
            new(PerfEventTemplates.Switches(wakeupBytes, options.Names), "context switches"),
            new(PerfEventTemplates.Tracepoint(wakingId, wakeupBytes), "sched_waking samples"),
        ];
        if (options.MajorFaults) events.Add(new(PerfEventTemplates.MajorFaults(wakeupBytes), "major page faults"));
        if (interrupts is not null) events.AddRange(Of(interrupts, wakeupBytes));
        return [.. events];
    }

    /// <summary>The events of interrupts.</summary>
    public static RingEvent[] Of(InterruptTracepoints interrupts, int wakeupBytes) =>
    [
        new(PerfEventTemplates.Tracepoint(interrupts.HandlerEntry, wakeupBytes), "irq_handler_entry samples"),
        new(PerfEventTemplates.Tracepoint(interrupts.HandlerExit, wakeupBytes), "irq_handler_exit samples"),
        new(PerfEventTemplates.Tracepoint(interrupts.SoftEntry, wakeupBytes), "softirq_entry samples", InterruptTracepoints.SoftFilter),
        new(PerfEventTemplates.Tracepoint(interrupts.SoftExit, wakeupBytes), "softirq_exit samples", InterruptTracepoints.SoftFilter),
    ];
}

/// <summary>What a <see cref="ThreadRecording"/> opens on every thread.</summary>
internal static class ThreadEvents
{
    /// <param name="options">What is wanted.</param>
    /// <param name="hasKernelFaults">Faults in system calls too, which perf_event_paranoid 2 forbids.</param>
    /// <param name="ringBytes">The size of the ring that they will share.</param>
    public static RingEvent[] For(ThreadRecordingOptions options, bool hasKernelFaults, int ringBytes)
    {
        int wakeupBytes = ringBytes / 4;
        PerfEventFlags excluded = hasKernelFaults ? PerfEventFlags.None : PerfEventFlags.UserModeOnly;
        List<RingEvent> events = [];
        if (options.Switches)
            events.Add(With(PerfEventTemplates.Switches(wakeupBytes, isNaming: true), PerfEventFlags.UserModeOnly, "context switches"));
        if (options.MinorFaultPeriod > 0)
            events.Add(With(Minor(options.MinorFaultPeriod, wakeupBytes), excluded, "minor page faults"));
        if (options.MajorFaults)
            events.Add(With(PerfEventTemplates.MajorFaults(wakeupBytes), excluded, "major page faults"));
        return [.. events];
    }

    /// <summary>True when the caller may record what happens within system calls.</summary>
    public static bool AreKernelFaultsAllowed()
    {
        PerfEventAttributes attributes = Minor(1, Environment.SystemPageSize);
        using PerfEvent? opened = PerfEvent.TryOpen(attributes, PerfEvent.CallingThread, PerfEvent.AnyCpu, out _);
        return opened is not null;
    }

    private static PerfEventAttributes Minor(int period, int wakeupBytes) =>
        PerfEventTemplates.MinorFaults(period, wakeupBytes);

    private static RingEvent With(PerfEventAttributes attributes, PerfEventFlags excluded, string what)
    {
        attributes.Flags |= excluded;
        return new RingEvent(attributes, what);
    }
}
