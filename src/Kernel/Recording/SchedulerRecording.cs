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

    /// <summary>Descriptors that each CPU takes at most: switches, wake-ups, major page faults, and four for interrupts where they can be recorded.</summary>
    public int MostDescriptorsPerCpu => 2 + (MajorFaults ? 1 : 0) + 4;

    /// <summary>Whether ids of threads are those that tracepoints write.</summary>
    internal Func<bool> IsInitialNamespace { get; init; } = PidNamespace.IsInitial;

    /// <summary>Tells which CPUs are online; null to ask the kernel.</summary>
    internal Func<int[]>? ReadOnlineCpus { get; init; }

    /// <summary>Asked before the kernel is; true refuses the ring of a CPU as the kernel would where descriptors or memory are short.</summary>
    internal Predicate<int> RefusesCpu { get; init; } = _ => false;

    internal void Validate() => RingSize.Demand(RingBytesPerCpu);
}

/// <summary>
/// Every context switch and every waking on every online CPU, from the kernel's own rings; perf_event_open(2).
/// </summary>
/// <remarks>
/// Times are CLOCK_MONOTONIC nanoseconds; thread ids are those of the pid namespace of the process that opens it.
/// <see cref="Wait"/> and <see cref="Drain"/> belong to one thread, the counters may be read from any. Dispose after
/// that thread has left them. A CPU that comes online later is recorded from the next <see cref="Refresh"/>.
/// </remarks>
public sealed class SchedulerRecording : ISchedulerRecording, IPolledRecording
{
    private readonly CpuRingOpener _opener;
    private readonly RecordDispatcher _dispatcher;
    private readonly List<EventRing> _offline = [];
    private volatile EventRing[] _rings;
    private PollRequest[] _polls;
    private bool _isEnabled;

    // The list of which each CPU has its ring, and no other has one; null where that is not so.
    private int[]? _recorded;
    private readonly byte[] _scratch = new byte[PerfRecord.MaximumBytes];
    private long _brokenRings;
    private bool _isDisposed;

    internal SchedulerRecording(EventRing[] rings, RecordDispatcher dispatcher, CpuRingOpener opener)
    {
        _rings = rings;
        _dispatcher = dispatcher;
        _opener = opener;
        _polls = [.. rings.Select(RingPoll.For)];
    }

    /// <summary>The CPUs recorded, ascending.</summary>
    public IReadOnlyList<int> Cpus => [.. _rings.Select(ring => ring.Subject.Cpu)];

    /// <inheritdoc/>
    public int Unrecorded { get; private set; }

    /// <summary>Bytes of each CPU's ring: as asked for, or what the memory-lock limit left of it.</summary>
    public int RingBytesPerCpu => _opener.RingBytes;

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
        _isEnabled = true;
        foreach (EventRing ring in _rings) ring.Enable();
    }

    /// <summary>Stops recording; what the rings hold can still be drained.</summary>
    public void Disable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _isEnabled = false;
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

    PollRequest[] IPolledRecording.Polls => _polls;

    bool IPolledRecording.TakePolled() => false;

    /// <summary>
    /// Hands over every ring's records up to its head as read at entry to that ring (in a pid namespace: at entry to this method), CPU by
    /// CPU in ascending order.
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
        if (_dispatcher.LearnsThreadIds) LearnThreadIds();
        foreach (EventRing ring in _offline) records += DrainOne(ring, handler, isLast: true);
        foreach (EventRing ring in _rings) records += DrainOne(ring, handler);
        _offline.ForEach(ring => ring.Dispose());
        _offline.Clear();
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

    /// <inheritdoc/>
    public bool HasUntoldLoss => _rings.Any(ring => ring.HasUntoldLoss);

    /// <summary>Begins to record CPUs that came online, and closes the rings of those that went offline.</summary>
    /// <remarks>
    /// The kernel detaches the events of a CPU that goes offline; when it comes back it needs new ones. Reads
    /// /sys/devices/system/cpu/online, some 10 us.
    /// </remarks>
    /// <returns>
    /// True when a CPU has run unrecorded since the refresh before: threads may have done anything there. Remains true while
    /// the kernel refuses the ring of a CPU.
    /// </returns>
    public bool Refresh()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        int[] listed = _opener.ReadOnlineCpus();
        // Asked before each drain, and nearly always the same list as before.
        if (ReferenceEquals(listed, _recorded)) return false;
        HashSet<int> online = [.. listed];
        bool isUnchanged = online.SetEquals(_rings.Select(ring => ring.Subject.Cpu));
        if (isUnchanged)
        {
            // One that was refused may have gone.
            Unrecorded = 0;
            _recorded = listed;
            return false;
        }

        _recorded = null;

        // What they still hold is drained with the rest.
        _offline.AddRange(_rings.Where(ring => !online.Contains(ring.Subject.Cpu)));
        List<EventRing> rings = [.. _rings.Where(ring => online.Remove(ring.Subject.Cpu))];
        bool hasNew = online.Count > 0;
        rings.AddRange(online.Select(TryOpen).OfType<EventRing>());
        rings.Sort((a, b) => a.Subject.Cpu.CompareTo(b.Subject.Cpu));
        _polls = [.. rings.Select(RingPoll.For)];
        _rings = [.. rings];
        Unrecorded = online.Count(cpu => !rings.Exists(ring => ring.Subject.Cpu == cpu));
        return hasNew;
    }

    /// <summary>Closes the events and unmaps the rings.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (EventRing ring in (EventRing[])[.. _rings, .. _offline]) ring.Dispose();
        _opener.Dispose();
    }

    /// <summary>
    /// The record that tells a thread's id may stand in a ring that is read after the one with its wake-up: of threads that wake
    /// each other across CPUs, the wake-ups of the first drain were those of unknown threads. So all rings are looked at first.
    /// </summary>
    private void LearnThreadIds()
    {
        _dispatcher.DropEndedThreadIds();
        foreach (EventRing ring in _offline) ring.MarkHead();
        foreach (EventRing ring in _rings) ring.MarkHead();
        foreach (EventRing ring in _offline) ring.LearnThreadIds(_dispatcher, _scratch);
        foreach (EventRing ring in _rings) ring.LearnThreadIds(_dispatcher, _scratch);
    }

    private long DrainOne(EventRing ring, ISchedulerRecordHandler handler, bool isLast = false)
    {
        long records = ring.Drain(_dispatcher, handler, _scratch, out bool isCorrupt);
        if (isCorrupt) ReportBrokenRing(ring.Subject.Cpu, handler);
        // The next record with room tells of a loss, and here there is no next one.
        if (isLast && ring.TakeUntoldLoss() is > 0 and var rest)
            _dispatcher.TellLost(new LostRecord(MonotonicClock.NowNanoseconds(), ring.Subject.Cpu, rest), handler);
        handler.OnRingDrained();
        return records;
    }

    /// <returns>Null when the CPU is offline again, or the ring refused.</returns>
    private EventRing? TryOpen(int cpu)
    {
        EventRing? ring = null;
        try
        {
            ring = _opener.TryOpen(cpu, out _);
            if (_isEnabled) ring?.Enable();
            return ring;
        }
        catch (KernelAccessException)
        {
            ring?.Dispose();
            return null;
        }
    }

    private void ReportBrokenRing(int cpu, ISchedulerRecordHandler handler)
    {
        Volatile.Write(ref _brokenRings, _brokenRings + 1);
        handler.OnLost(new LostRecord(MonotonicClock.NowNanoseconds(), cpu, 1));
    }
}
