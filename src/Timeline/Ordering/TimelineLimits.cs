namespace Observatory.Timeline;

/// <summary>How long and how much the timeline waits for a stream that stands still.</summary>
public sealed record TimelineLimits
{
    /// <summary>Longest time an event is held back. EventPipe was seen to lag 2.7 s; a stalled target lags for ever.</summary>
    public Duration MaximumHold { get; init; } = Duration.FromMilliseconds(10_000);

    /// <summary>Most events held back; at 48 bytes each the default bounds memory at about 100 MB.</summary>
    public int MaximumHeldEvents { get; init; } = 2_000_000;
}
