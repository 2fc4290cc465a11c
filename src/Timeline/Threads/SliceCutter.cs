namespace Observatory.Timeline;

/// <summary>Makes the slice that a change of a thread ended, and tells it.</summary>
internal sealed class SliceCutter(AccountClock clock, ISliceConsumer consumer)
{
    /// <summary>Where the timeline is.</summary>
    public Timestamp Now => clock.Now;

    /// <summary>A thread has just changed.</summary>
    /// <param name="track">The thread, as it is now.</param>
    /// <param name="before">What was held of it before.</param>
    /// <param name="change">What changed it.</param>
    /// <param name="was">What the time before really was.</param>
    /// <param name="reasons">Where that is unknown or flawed, what is missing beside what was missing before.</param>
    /// <param name="flawed">True when it ended because events are missing.</param>
    public void Cut(
        ThreadTrack track,
        in BeforeChange before,
        in TimelineEvent change,
        ThreadState was,
        IncompleteReasons reasons = IncompleteReasons.None,
        bool flawed = false)
    {
        track.CountedSince = clock.Counted;
        int cpu = change.IsOfRing ? change.Cpu : -1;
        IncompleteReasons why = was == ThreadState.Unknown ? reasons | before.Doubts : reasons;
        consumer.Closed(new Slice(
            track, was, track.State, before.Since, clock.Now, before.CountedSince, clock.Counted,
            cpu, change.Waker, before.LastCpu, why, flawed));
    }
}
