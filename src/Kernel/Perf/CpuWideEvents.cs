namespace Observatory.Kernel;

/// <summary>What a <see cref="SchedulerRecording"/> opens on every CPU.</summary>
internal static class CpuWideEvents
{
    public static RingEvent[] For(SchedulerRecordingOptions options, long wakingId, int ringBytes)
    {
        int wakeupBytes = ringBytes / 4;
        List<RingEvent> events =
        [
            new(PerfEventShapes.Switches(wakeupBytes, options.Names), "context switches"),
            new(PerfEventShapes.Tracepoint(wakingId, wakeupBytes), "sched_waking samples"),
        ];
        if (options.MajorFaults) events.Add(new(PerfEventShapes.MajorFaults(wakeupBytes), "major page faults"));
        return [.. events];
    }
}
