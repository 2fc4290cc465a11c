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

    public void Enable()
    {
        Ring.Enable();
        EnabledAt = MonotonicClock.NowNanoseconds();
    }
}
