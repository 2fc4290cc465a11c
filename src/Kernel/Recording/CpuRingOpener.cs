namespace Observatory.Kernel;

/// <summary>Opens a recording with the largest rings that the limits leave room for.</summary>
internal static class SchedulerRecordingFactory
{
    public static SchedulerRecording Open(SchedulerRecordingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        int[] cpus = options.ReadOnlineCpus?.Invoke() ?? OnlineCpus.Read();

        // Without the right to record at all, that is the refusal to report, not the file that comes after.
        EventRing.Demand(
            new(PerfEventTemplates.Switches(Environment.SystemPageSize), "context switches"), RingSubject.OfCpu(cpus[0]));
        WakingTracepoint tracepoint = WakingTracepoint.Find(options.TracefsRoot);
        InterruptTracepoints? interrupts = InterruptTracepoints.TryFind(options.TracefsRoot);
        if (interrupts?.CanBeOpenedOn(cpus[0]) != true) interrupts = null;
        for (int ringBytes = options.RingBytesPerCpu; ringBytes >= Environment.SystemPageSize; ringBytes /= 2)
        {
            CpuRingOpener opener = new(options, tracepoint.Id, ringBytes, interrupts);
            if (opener.TryOpenAll(cpus) is { } rings) return Create(rings, tracepoint, opener, interrupts, options);
        }

        throw KernelAccessException.RingMemory($"{cpus.Length} CPUs");
    }

    private static SchedulerRecording Create(
        EventRing[] rings, WakingTracepoint tracepoint, CpuRingOpener opener, InterruptTracepoints? interrupts, SchedulerRecordingOptions options)
    {
        ThreadIdMap threadIds = new(options.IsInitialNamespace());
        FaultDecoder? faults = options.MajorFaults ? new FaultDecoder(minorPeriod: 0) : null;
        InterruptRecords? served = interrupts is null ? null : new InterruptRecords(interrupts, new InterruptNames().KindOf);
        return new(
            rings, new RecordDispatcher(new WakingDecoder(tracepoint.WokenIdOffset), threadIds, faults, served), opener);
    }
}

/// <summary>Opens the rings of CPUs, all of one size: with one small ring among large ones, that CPU alone would lose records.</summary>
internal sealed class CpuRingOpener(SchedulerRecordingOptions options, long wakingId, int ringBytes, InterruptTracepoints? interrupts)
    : IDisposable
{
    private readonly RingEvent[] _events = CpuWideEvents.For(options, wakingId, ringBytes, interrupts);
    private OnlineCpuList? _online;

    public int RingBytes => ringBytes;

    /// <summary>The same array as before where no CPU has come or gone.</summary>
    public int[] ReadOnlineCpus() => options.ReadOnlineCpus?.Invoke() ?? (_online ??= new OnlineCpuList()).Read();

    /// <inheritdoc />
    public void Dispose() => _online?.Dispose();

    /// <returns>Null when the CPU is offline, or when its ring is refused for its size.</returns>
    /// <exception cref="KernelAccessException">Anything else was refused.</exception>
    public EventRing? TryOpen(int cpu, out bool isRingRefused) =>
        options.RefusesCpu(cpu)
            ? throw KernelAccessException.RingMemory($"CPU {cpu}")
            : EventRing.TryOpen(_events, RingSubject.OfCpu(cpu), ringBytes, out isRingRefused);

    /// <summary>Opens all of them, or none.</summary>
    /// <returns>Null when the rings are too large for the memory-lock limit.</returns>
    public EventRing[]? TryOpenAll(int[] cpus)
    {
        List<EventRing> opened = new(cpus.Length);
        bool isComplete = false;
        try
        {
            foreach (int cpu in cpus)
            {
                EventRing? ring = TryOpen(cpu, out bool isRingRefused);
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
