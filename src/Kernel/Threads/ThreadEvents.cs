namespace Observatory.Kernel;

/// <summary>What a <see cref="ThreadRecording"/> opens on every thread.</summary>
internal static class ThreadEvents
{
    private const PerfEventFlags UserOnly = PerfEventFlags.ExcludeKernel | PerfEventFlags.ExcludeHypervisor;

    /// <param name="options">What is wanted.</param>
    /// <param name="hasKernelFaults">Faults in system calls too, which perf_event_paranoid 2 forbids.</param>
    /// <param name="ringBytes">The size of the ring that they will share.</param>
    public static RingEvent[] For(ThreadRecordingOptions options, bool hasKernelFaults, int ringBytes)
    {
        int wakeupBytes = ringBytes / 4;
        PerfEventFlags excluded = hasKernelFaults ? PerfEventFlags.None : UserOnly;
        List<RingEvent> events = [];
        if (options.Switches)
            events.Add(With(PerfEventShapes.Switches(wakeupBytes, isNaming: true), UserOnly, "context switches"));
        if (options.MinorFaultPeriod > 0)
            events.Add(With(Minor(options.MinorFaultPeriod, wakeupBytes), excluded, "minor page faults"));
        if (options.MajorFaults)
            events.Add(With(PerfEventShapes.MajorFaults(wakeupBytes), excluded, "major page faults"));
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
        PerfEventShapes.MinorFaults(period, wakeupBytes);

    private static RingEvent With(PerfEventAttributes attributes, PerfEventFlags excluded, string what)
    {
        attributes.Flags |= excluded;
        return new RingEvent(attributes, what);
    }
}
