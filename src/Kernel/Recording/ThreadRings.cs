namespace Observatory.Kernel;

/// <summary>One thread of a <see cref="ThreadRecording"/>.</summary>
internal sealed class ThreadRing(EventRing ring)
{
    public EventRing Ring { get; } = ring;

    public int ThreadId => Ring.Subject.ThreadId;

    /// <summary>CLOCK_MONOTONIC nanoseconds; 0 before.</summary>
    public long EnabledAt { get; private set; }

    /// <summary>The thread is gone: the ring gets no more than it holds.</summary>
    public bool IsEnded { get; set; }

    public long Drain(
        RecordDispatcher dispatcher, ISchedulerRecordHandler handler, Span<byte> scratch, out bool isCorrupt)
    {
        long records = Ring.Drain(dispatcher, handler, scratch, out isCorrupt);
        if (IsEnded) TellRest(dispatcher, handler);
        return records;
    }

    public void Enable()
    {
        Ring.Enable();
        EnabledAt = MonotonicClock.NowNanoseconds();
    }

    // The next record with room tells of a loss, and there is no next one.
    private void TellRest(RecordDispatcher dispatcher, ISchedulerRecordHandler handler)
    {
        long rest = Ring.TakeUntoldLoss();
        if (rest > 0) dispatcher.TellLost(new(MonotonicClock.NowNanoseconds(), PerfEvent.AnyCpu, rest, ThreadId), handler);
    }
}

/// <summary>The threads of a <see cref="ThreadRecording"/>, as they come and go.</summary>
internal sealed class ThreadRingSet : IDisposable
{
    private readonly List<ThreadRing> _threads;
    private PollRequest[] _polls = [];
    private bool _isPollStale = true;
    private long _endedLost;

    public ThreadRingSet(List<ThreadRing> threads) => _threads = threads;

    public List<ThreadRing> All => _threads;

    public int Count => _threads.Count;

    public IReadOnlyList<RecordedThread> List() =>
    [
        .. _threads.Where(thread => !thread.IsEnded)
            .Select(thread => new RecordedThread(thread.ThreadId, thread.EnabledAt)),
    ];

    public void Add(ThreadRing thread)
    {
        _threads.Add(thread);
        _isPollStale = true;
    }

    public void Enable() => _threads.ForEach(thread => thread.Enable());

    public void Disable() => _threads.ForEach(thread => thread.Ring.Disable());

    /// <summary>What to wait for, in the order of the threads.</summary>
    public PollRequest[] Polls
    {
        get
        {
            if (_isPollStale) _polls = [.. _threads.Select(thread => RingPoll.For(thread.Ring))];
            _isPollStale = false;
            return _polls;
        }
    }

    /// <summary>Marks the threads that have ended, by what a wait has left in <see cref="Polls"/>.</summary>
    /// <returns>True when there are any: their last records can be read.</returns>
    public bool TakePolled()
    {
        bool hasEnded = false;
        for (int i = 0; i < _polls.Length; i++)
        {
            if ((_polls[i].Returned & PollRequest.HungUp) != 0) _threads[i].IsEnded = hasEnded = true;
        }

        return hasEnded;
    }

    /// <summary>Marks threads that are no longer there.</summary>
    /// <returns>Those present that are not recorded yet.</returns>
    public IReadOnlyList<int> EndAbsent(IReadOnlyList<int> present)
    {
        HashSet<int> unknown = [.. present];
        foreach (ThreadRing thread in _threads)
        {
            bool isPresent = unknown.Remove(thread.ThreadId);
            if (!isPresent) thread.IsEnded = true;
        }

        return [.. unknown];
    }

    /// <summary>Closes those that were marked before the last drain, which has emptied them.</summary>
    public void CloseEnded()
    {
        for (int i = _threads.Count - 1; i >= 0; i--)
        {
            if (!_threads[i].IsEnded) continue;
            long lost = _threads[i].Ring.ReadKernelLost();
            Volatile.Write(ref _endedLost, lost < 0 ? -1 : _endedLost + lost);
            _threads[i].Ring.Dispose();
            _threads.RemoveAt(i);
            _isPollStale = true;
        }
    }

    /// <summary>Losses of all threads that were ever recorded; -1 where the kernel does not count.</summary>
    public long ReadKernelLost()
    {
        long total = Volatile.Read(ref _endedLost);
        foreach (ThreadRing thread in _threads)
        {
            long lost = thread.Ring.ReadKernelLost();
            if (lost < 0 || total < 0) return -1;
            total += lost;
        }

        return total;
    }

    public long ReadKernelLost(int threadId) =>
        _threads.Find(thread => thread.ThreadId == threadId)?.Ring.ReadKernelLost() ?? 0;

    public void Dispose() => _threads.ForEach(thread => thread.Ring.Dispose());
}

/// <summary>Opens the rings of threads, smaller ones where the limit of locked memory asks for it.</summary>
internal sealed class ThreadRingOpener(ThreadRecordingOptions options)
{
    private readonly bool _hasKernelFaults = options.HasFaults && ThreadEvents.AreKernelFaultsAllowed();

    /// <summary>Bytes of the next ring. Only falls.</summary>
    public int RingBytes { get; private set; } = Math.Max(options.RingBytesPerThread, Environment.SystemPageSize);

    /// <summary>Opens one more ring, as large as the limit leaves room for.</summary>
    /// <returns>Null when the thread is gone, or when not even a page is left.</returns>
    /// <exception cref="KernelAccessException">Anything else was refused.</exception>
    public ThreadRing? TryOpen(int threadId, out bool isRefused)
    {
        while (true)
        {
            EventRing? ring = TryOpenExactly(threadId, out isRefused);
            if (ring is not null) return new ThreadRing(ring);
            if (!isRefused || RingBytes <= Environment.SystemPageSize) return null;
            RingBytes /= 2;
        }
    }

    /// <summary>Opens the rings of all, none much smaller than another.</summary>
    /// <exception cref="KernelAccessException">The kernel refused, or memory is short even for a page each.</exception>
    public List<ThreadRing> OpenAll(IReadOnlyList<int> threadIds)
    {
        List<ThreadRing> opened = new(threadIds.Count);
        bool isComplete = false;
        try
        {
            while (!TryOpenAll(threadIds, opened))
            {
                Close(opened);
                if (RingBytes <= Environment.SystemPageSize)
                    throw KernelAccessException.RingMemory($"{threadIds.Count} threads");
                RingBytes /= 2;
            }

            isComplete = true;
            return opened;
        }
        finally
        {
            if (!isComplete) Close(opened);
        }
    }

    /// <summary>Opens the ring of a thread that began later: the others go on, whatever comes of it.</summary>
    /// <returns>Null when the thread is gone, or refused.</returns>
    public ThreadRing? TryOpenLater(int threadId, out bool isRefused)
    {
        try
        {
            return TryOpen(threadId, out isRefused);
        }
        catch (KernelAccessException)
        {
            isRefused = true;
            return null;
        }
    }

    private static void Close(List<ThreadRing> opened)
    {
        opened.ForEach(thread => thread.Ring.Dispose());
        opened.Clear();
    }

    private bool TryOpenAll(IReadOnlyList<int> threadIds, List<ThreadRing> opened)
    {
        foreach (int threadId in threadIds)
        {
            EventRing? ring = TryOpenExactly(threadId, out bool isRefused);
            if (isRefused) return false;
            if (ring is not null) opened.Add(new ThreadRing(ring));
        }

        return true;
    }

    private EventRing? TryOpenExactly(int threadId, out bool isRefused) => EventRing.TryOpen(
        ThreadEvents.For(options, _hasKernelFaults, RingBytes),
        RingSubject.OfThread(threadId),
        RingBytes,
        out isRefused);
}
