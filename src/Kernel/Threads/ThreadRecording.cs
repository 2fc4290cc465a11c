namespace Observatory.Kernel;

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
public sealed class ThreadRecording : ISchedulerRecording
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

    /// <summary>Threads that began later and could not be recorded, for want of locked memory or descriptors.</summary>
    public int UnrecordedThreads { get; private set; }

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
        // Whoever began while the others were being opened.
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
        return _threads.Wait(timeout);
    }

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
        }

        _threads.CloseEnded();
        return records;
    }

    /// <summary>Takes in threads that began since, and marks those that are gone.</summary>
    /// <remarks>Reads /proc/PID/task; opens and maps per new thread some 20 us.</remarks>
    public void Refresh()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        IReadOnlyList<int> present = ProcessThreads.List(ProcessId);
        UnrecordedThreads = 0;
        foreach (int threadId in _threads.EndAbsent(present))
        {
            ThreadRing? thread = _opener.TryOpenLater(threadId, out bool isRefused);
            if (isRefused) UnrecordedThreads++;
            if (thread is null) continue;
            if (_isEnabled) thread.Enable();
            _threads.Add(thread);
        }
    }

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
