namespace Observatory.Kernel;

/// <summary>Opens the rings of threads, smaller ones where the limit of locked memory asks for it.</summary>
internal sealed class ThreadRingOpener(ThreadRecordingOptions options)
{
    private readonly bool _hasKernelFaults = options.HasFaults && ThreadEvents.AreKernelFaultsAllowed();

    /// <summary>Bytes of the next ring. Only falls.</summary>
    public int RingBytes { get; private set; } = options.RingBytesPerThread;

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
