namespace Observatory.Kernel;

/// <summary>Opens the recorders of all CPUs, or none.</summary>
internal static class SchedulerRecordingFactory
{
    public static SchedulerRecording Open(SchedulerRecordingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        int[] cpus = OnlineCpus.Read();

        // Whoever may not record at all should hear that, rather than of a file that comes after.
        EventRing.Demand(
            new(PerfEventShapes.Switches(Environment.SystemPageSize), "context switches"), RingSubject.OfCpu(cpus[0]));
        WakingTracepoint tracepoint = WakingTracepoint.Find(options.TracefsRoot);

        // Every ring the same size: with one small ring among large ones, that CPU alone would lose records.
        for (int ringBytes = options.RingBytesPerCpu; ringBytes >= Environment.SystemPageSize; ringBytes /= 2)
        {
            EventRing[]? rings =
                TryOpenAll(cpus, CpuWideEvents.For(options, tracepoint.Id, ringBytes), ringBytes);
            if (rings is not null) return Create(rings, tracepoint, ringBytes, options.MajorFaults);
        }

        throw KernelAccessException.RingMemory($"{cpus.Length} CPUs");
    }

    private static SchedulerRecording Create(
        EventRing[] rings, WakingTracepoint tracepoint, int ringBytes, bool hasFaults)
    {
        ThreadIdMap threadIds = new(PidNamespace.IsInitial());
        FaultDecoder? faults = hasFaults ? new FaultDecoder(minorPeriod: 0) : null;
        return new(
            rings, new RecordDispatcher(new WakingDecoder(tracepoint.WokenIdOffset), threadIds, faults), ringBytes);
    }

    /// <returns>Null when the rings are too large for the memory-lock limit.</returns>
    private static EventRing[]? TryOpenAll(int[] cpus, RingEvent[] events, int ringBytes)
    {
        List<EventRing> opened = new(cpus.Length);
        bool isComplete = false;
        try
        {
            foreach (int cpu in cpus)
            {
                EventRing? ring =
                    EventRing.TryOpen(events, RingSubject.OfCpu(cpu), ringBytes, out bool isRingRefused);
                if (isRingRefused) return null;
                if (ring is not null) opened.Add(ring);
            }

            if (opened.Count == 0) throw KernelAccessException.FromError(Errno.NoDevice, "events of any CPU");
            isComplete = true;
            return [.. opened];
        }
        finally
        {
            if (!isComplete) opened.ForEach(ring => ring.Dispose());
        }
    }
}
