namespace Observatory.Timeline;

/// <summary>What was held of a thread before something changed it.</summary>
internal readonly struct BeforeChange(ThreadTrack track)
{
    public ThreadState State { get; } = track.State;
    public Timestamp Since { get; } = track.Since;
    public Duration CountedSince { get; } = track.CountedSince;
    public int LastCpu { get; } = track.LastCpu;
    public bool IsSeeded { get; } = track.IsSeeded;
    public IncompleteReasons Doubts { get; } = track.Doubts;
}
