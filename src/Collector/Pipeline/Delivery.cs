using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What a source left between two visits of the pipeline.</summary>
internal sealed class Delivery
{
    /// <summary>The events, each stream in its own order.</summary>
    public List<TimelineEvent> Events { get; } = [];

    /// <summary>Everything up to here was delivered.</summary>
    public Timestamp CompleteTo { get; set; }

    /// <summary>Set when the source began, before <see cref="Events"/>.</summary>
    public Timestamp? Joined { get; set; }

    /// <summary>Set when the source ended, after <see cref="Events"/>.</summary>
    public Timestamp? Left { get; set; }

    /// <summary>True when the source has said nothing.</summary>
    public bool IsEmpty => Events.Count == 0 && CompleteTo == Timestamp.Zero && Joined is null && Left is null;

    public void Clear()
    {
        Events.Clear();
        CompleteTo = Timestamp.Zero;
        Joined = null;
        Left = null;
    }
}
