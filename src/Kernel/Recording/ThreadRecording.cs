namespace Observatory.Kernel;

/// <summary>How a <see cref="ThreadRecording"/> is opened.</summary>
public sealed record ThreadRecordingOptions
{
    /// <summary>
    /// Bytes of ring wanted per thread: a power of two. Fewer are taken where the memory-lock limit
    /// asks for it, and never less than a page. 32 KiB hold 1000 switches of one thread.
    /// </summary>
    public int RingBytesPerThread { get; init; } = 32 * 1024;

    /// <summary>
    /// Records context switches, names, beginnings and ends. False leaves page faults only, beside a
    /// <see cref="SchedulerRecording"/> that has the rest.
    /// </summary>
    public bool Switches { get; init; } = true;

    /// <summary>Minor page faults of one thread per <see cref="PageFaultsRecord"/>; 0 records none.</summary>
    /// <remarks>
    /// Counted per thread, never per CPU: a CPU's every 64th fault is charged to the thread that took it, so that a thread with
    /// few of them gets 64 or none. Per thread, the sum is at most one period behind the truth, forever.
    /// Measured with fresh memory, 1.6 us per fault and 2 virtual CPUs, added time per fault: period 1 0.57 us,
    /// 16 0.11 us, 64 0.08 us, 256 0.07 us (nearly all of it that an event is there at all). At 250,000 faults per
    /// second that is 14 %, 2.8 %, 2.1 % and 1.8 % of the faulting thread. 64 is the smallest period that costs little
    /// more than none would. Totals that need no instant are free in <see cref="ThreadInfo.MinorFaults"/>.
    /// </remarks>
    public int MinorFaultPeriod { get; init; }

    /// <summary>Records every major page fault of the threads.</summary>
    public bool MajorFaults { get; init; }

    /// <summary>Descriptors that each thread takes.</summary>
    public int DescriptorsPerThread => (Switches ? 1 : 0) + (MinorFaultPeriod > 0 ? 1 : 0) + (MajorFaults ? 1 : 0);

    internal bool HasFaults => MinorFaultPeriod > 0 || MajorFaults;

    internal void Validate()
    {
        RingSize.Demand(Math.Max(RingBytesPerThread, Environment.SystemPageSize));
        ArgumentOutOfRangeException.ThrowIfNegative(MinorFaultPeriod);
        if (!Switches && !HasFaults) throw new ArgumentException("Neither switches nor faults: nothing to record.");
    }
}

/// <summary>
/// Every context switch of the threads of one process of the own uid, without any capability; perf_event_open(2).
/// </summary>
/// <remarks>
/// <para>
/// Needs perf_event_paranoid 2 or less, or CAP_PERFMON. Wakings cannot be seen: between a switch out that was no
/// preemption and the switch in, blocked and waiting for a CPU are one; <see cref="ThreadSchedule.Waiting"/> tells
/// their sums apart.
/// </para>
/// <para>
/// Each thread has its own events, which follow it from CPU to CPU, and its own small ring: an event that new threads
/// inherit cannot have a ring unless it is bound to a CPU, and that would take threads x CPUs of them. A new thread is
/// therefore recorded from the first <see cref="Refresh"/> after its beginning; its <see cref="ForkRecord"/> says when
/// to call it. The last record of a thread is its <see cref="ExitRecord"/>, no switch out follows. Within a thread the
/// order is the ring's; records of different threads must be merged by time. A <see cref="LostRecord"/> names its
/// thread; one that ends tells of its last losses then, with the CPU -1, and perhaps without its exit.
/// </para>
/// </remarks>
public sealed class ThreadRecording : ISchedulerRecording, IPolledRecording
{
    private readonly ThreadRingOpener _opener;
    private readonly ThreadRingSet _threads;
    private readonly RecordDispatcher _dispatcher;
    private readonly byte[] _scratch = new byte[PerfRecord.MaximumBytes];
    private long _brokenRings;
    private bool _isEnabled;
    private bool _isDisposed;

    private ThreadRecording(int processId, ThreadRecordingOptions options)
    {
        ProcessId = processId;
        _opener = new ThreadRingOpener(options);
        _dispatcher = new RecordDispatcher(options.HasFaults ? new FaultDecoder(options.MinorFaultPeriod) : null);
        IReadOnlyList<int> present = ProcessThreads.List(processId);
        _threads = new ThreadRingSet(_opener.OpenAll(present));
        if (_threads.Count == 0) throw KernelAccessException.FromError(Errno.NoSuchProcess, $"process {processId}");
    }

    /// <summary>The process whose threads are recorded.</summary>
    public int ProcessId { get; }

    /// <summary>Bytes of the ring that the last thread got: as asked for, or what the limit left.</summary>
    public int RingBytesPerThread => _opener.RingBytes;

    /// <summary>The threads recorded now. For the thread that drains.</summary>
    public IReadOnlyList<RecordedThread> Threads => _threads.List();

    /// <inheritdoc/>
    public int Unrecorded { get; private set; }

    /// <inheritdoc/>
    public long LostTotal => _dispatcher.LostTotal;

    /// <inheritdoc/>
    public long MalformedTotal => _dispatcher.MalformedTotal + Volatile.Read(ref _brokenRings);

    /// <summary>Opens the events of all threads that the process has now.</summary>
    /// <exception cref="KernelAccessException">The kernel refused, or there is no such process.</exception>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public static ThreadRecording Open(int processId, ThreadRecordingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ThreadRecording recording = new(processId, options);
        // Threads that began while the others were being opened.
        recording.Refresh();
        return recording;
    }

    /// <inheritdoc/>
    public void Enable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _isEnabled = true;
        _threads.Enable();
        Refresh();
    }

    /// <inheritdoc/>
    public void Disable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _isEnabled = false;
        _threads.Disable();
    }

    /// <inheritdoc/>
    public bool Wait(TimeSpan timeout)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return RingPoll.Wait(_threads.Polls, timeout) | _threads.TakePolled();
    }

    PollRequest[] IPolledRecording.Polls => _threads.Polls;

    bool IPolledRecording.TakePolled() => _threads.TakePolled();

    /// <inheritdoc/>
    public long Drain(ISchedulerRecordHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        long records = 0;
        foreach (ThreadRing thread in _threads.All)
        {
            records += thread.Drain(_dispatcher, handler, _scratch, out bool isCorrupt);
            if (isCorrupt) ReportBrokenRing(thread.ThreadId, handler);
            handler.OnRingDrained();
        }

        _threads.CloseEnded();
        return records;
    }

    /// <summary>Takes in threads that began since, and marks those that are gone.</summary>
    /// <remarks>Reads /proc/PID/task; opens and maps per new thread some 20 us.</remarks>
    /// <returns>False: <see cref="Threads"/> says which are recorded, and since when.</returns>
    public bool Refresh()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        IReadOnlyList<int> present = ProcessThreads.List(ProcessId);
        int unrecorded = 0;
        foreach (int threadId in _threads.EndAbsent(present))
        {
            ThreadRing? thread = _opener.TryOpenLater(threadId, out bool isRefused);
            if (isRefused) unrecorded++;
            if (thread is null) continue;
            if (_isEnabled) thread.Enable();
            _threads.Add(thread);
        }

        Unrecorded = unrecorded;
        return false;
    }

    /// <inheritdoc/>
    public bool HasUntoldLoss => _threads.All.Exists(thread => thread.Ring.HasUntoldLoss);

    /// <inheritdoc/>
    public long ReadKernelLostTotal()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _threads.ReadKernelLost();
    }

    /// <summary>The losses of one thread as the kernel counts them; 0 when it is not recorded.</summary>
    internal long ReadKernelLost(int threadId) => _threads.ReadKernelLost(threadId);

    /// <summary>Closes the events and unmaps the rings.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _threads.Dispose();
    }

    private void ReportBrokenRing(int threadId, ISchedulerRecordHandler handler)
    {
        Volatile.Write(ref _brokenRings, _brokenRings + 1);
        handler.OnLost(new LostRecord(MonotonicClock.NowNanoseconds(), PerfEvent.AnyCpu, 1, threadId));
    }
}

/// <summary>A thread of a <see cref="ThreadRecording"/>.</summary>
/// <param name="ThreadId">The thread, in the opener's pid namespace.</param>
/// <param name="Since">
/// CLOCK_MONOTONIC nanoseconds: everything from then on is recorded. What it did at that instant no record says;
/// <see cref="ThreadInfo.State"/> does. 0 before the recording is enabled.
/// </param>
public readonly record struct RecordedThread(int ThreadId, long Since);
