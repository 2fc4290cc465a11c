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

    /// <summary>Losses that LOST records have told of.</summary>
    public long ToldLost { get; private set; }

    public long Drain(
        RecordDispatcher dispatcher, ISchedulerRecordHandler handler, Span<byte> scratch, out bool isCorrupt)
    {
        long before = dispatcher.LostTotal;
        long records = Ring.Drain(dispatcher, handler, scratch, out isCorrupt);
        ToldLost += dispatcher.LostTotal - before;
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
        long rest = Ring.ReadKernelLost() - ToldLost;
        if (rest <= 0) return;
        ToldLost += rest;
        dispatcher.TellLost(new(MonotonicClock.NowNanoseconds(), PerfEvent.AnyCpu, rest, ThreadId), handler);
    }
}
