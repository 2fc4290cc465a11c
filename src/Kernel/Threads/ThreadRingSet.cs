namespace Observatory.Kernel;

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

    /// <returns>True when a ring passed its watermark or a thread ended, whose last records are to be had.</returns>
    public bool Wait(TimeSpan timeout)
    {
        if (_isPollStale) _polls = [.. _threads.Select(thread => RingPoll.Of(thread.Ring))];
        _isPollStale = false;
        bool isReadable = RingPoll.Wait(_polls, timeout);
        for (int i = 0; i < _polls.Length; i++)
        {
            if ((_polls[i].Returned & PollRequest.HungUp) != 0) _threads[i].IsEnded = isReadable = true;
        }

        return isReadable;
    }

    /// <summary>Marks whoever is no longer there.</summary>
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
