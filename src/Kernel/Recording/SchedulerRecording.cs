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
    /// Also records threads that begin, end and change their names; see <see cref="CommRecord"/>. A record each,
    /// and the only ones that allocate.
    /// </summary>
    public bool Names { get; init; } = true;

    /// <summary>
    /// Also records every major page fault of every thread. They are rare, and each is a read from a device. Minor faults
    /// are recorded per thread only; <see cref="ThreadRecordingOptions.MinorFaultPeriod"/> says why.
    /// </summary>
    public bool MajorFaults { get; init; }

    internal void Validate() => RingSize.Demand(RingBytesPerCpu);
}

/// <summary>
/// Every context switch and every waking on every online CPU, from the kernel's own rings; perf_event_open(2).
/// </summary>
/// <remarks>
/// Times are CLOCK_MONOTONIC nanoseconds; thread ids are those of the pid namespace of the process that opens it.
/// <see cref="Wait"/> and <see cref="Drain"/> belong to one thread, the counters may be read from any. Dispose after
/// that thread has left them.
/// CPUs that come online later are not recorded.
/// </remarks>
public sealed class SchedulerRecording : ISchedulerRecording
{
    private readonly EventRing[] _rings;
    private readonly PollRequest[] _polls;
    private readonly RecordDispatcher _dispatcher;
    private readonly byte[] _scratch = new byte[PerfRecord.MaximumBytes];
    private long _brokenRings;
    private bool _isDisposed;

    internal SchedulerRecording(EventRing[] rings, RecordDispatcher dispatcher, int ringBytesPerCpu)
    {
        _rings = rings;
        _dispatcher = dispatcher;
        RingBytesPerCpu = ringBytesPerCpu;
        Cpus = [.. rings.Select(ring => ring.Subject.Cpu)];
        _polls = [.. rings.Select(RingPoll.For)];
    }

    /// <summary>The CPUs recorded, ascending.</summary>
    public IReadOnlyList<int> Cpus { get; }

    /// <summary>Bytes of each CPU's ring: as asked for, or what the memory-lock limit left of it.</summary>
    public int RingBytesPerCpu { get; }

    /// <summary>Records that the kernel said it lost, as far as drained.</summary>
    public long LostTotal => _dispatcher.LostTotal;

    /// <summary>
    /// Records that could not be understood, and rings that had to be skipped to their head. Anything but 0 is a defect
    /// here or in the kernel, and means loss of unknown extent.
    /// </summary>
    public long MalformedTotal => _dispatcher.MalformedTotal + Volatile.Read(ref _brokenRings);

    /// <summary>Opens the events of all online CPUs; nothing is recorded before <see cref="Enable"/>.</summary>
    /// <exception cref="KernelAccessException">The kernel refused: what, why, what would change it.</exception>
    /// <exception cref="ArgumentException">The ring size is not a power of two of at least a page.</exception>
    public static SchedulerRecording Open(SchedulerRecordingOptions options) =>
        SchedulerRecordingFactory.Open(options);

    /// <summary>Starts recording.</summary>
    /// <exception cref="KernelAccessException">The kernel refused.</exception>
    public void Enable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        foreach (EventRing ring in _rings) ring.Enable();
    }

    /// <summary>Stops recording; what the rings hold can still be drained.</summary>
    public void Disable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        foreach (EventRing ring in _rings) ring.Disable();
    }

    /// <summary>Waits until a ring is a quarter full; poll(2).</summary>
    /// <param name="timeout">Rounded up to milliseconds; negative waits without limit.</param>
    /// <returns>
    /// True when a ring passed its watermark. False after the timeout, and earlier when a signal interrupted: a quiet
    /// machine needs long for a quarter ring, so drain then too.
    /// </returns>
    public bool Wait(TimeSpan timeout)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return RingPoll.Wait(_polls, timeout);
    }

    /// <summary>
    /// Hands over every ring's records up to its head as read at entry to that ring, CPU by CPU in ascending order.
    /// </summary>
    /// <remarks>
    /// Within a CPU the order is the ring's, and times do not decrease; between CPUs records must be merged by time. A
    /// record that is older than the newest one handed over can still follow, from another CPU, in the next call.
    /// Allocates nothing but the names of <see cref="CommRecord"/>. If the handler throws, the record
    /// it threw at counts as handed over.
    /// </remarks>
    /// <returns>Records read, those of unknown types included.</returns>
    public long Drain(ISchedulerRecordHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        long records = 0;
        foreach (EventRing ring in _rings)
        {
            records += ring.Drain(_dispatcher, handler, _scratch, out bool isCorrupt);
            if (isCorrupt) ReportBrokenRing(ring.Subject.Cpu, handler);
        }

        return records;
    }

    /// <summary>
    /// Losses as the kernel counts them (PERF_FORMAT_LOST, Linux 6.0): what <see cref="LostTotal"/> comes to once each
    /// CPU has written one more record and that has been drained. -1 where the kernel does not count.
    /// </summary>
    public long ReadKernelLostTotal()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        long total = 0;
        foreach (EventRing ring in _rings)
        {
            long lost = ring.ReadKernelLost();
            if (lost < 0) return -1;
            total += lost;
        }

        return total;
    }

    /// <summary>Nothing to do: every thread on the recorded CPUs is recorded.</summary>
    public void Refresh() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    /// <summary>Closes the events and unmaps the rings.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (EventRing ring in _rings) ring.Dispose();
    }

    private void ReportBrokenRing(int cpu, ISchedulerRecordHandler handler)
    {
        Volatile.Write(ref _brokenRings, _brokenRings + 1);
        handler.OnLost(new LostRecord(MonotonicClock.NowNanoseconds(), cpu, 1));
    }
}

/// <summary>Opens the recorders of all CPUs, or none.</summary>
internal static class SchedulerRecordingFactory
{
    public static SchedulerRecording Open(SchedulerRecordingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        int[] cpus = OnlineCpus.Read();

        // Without the right to record at all, that is the refusal to report, not the file that comes after.
        EventRing.Demand(
            new(PerfEventTemplates.Switches(Environment.SystemPageSize), "context switches"), RingSubject.OfCpu(cpus[0]));
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
