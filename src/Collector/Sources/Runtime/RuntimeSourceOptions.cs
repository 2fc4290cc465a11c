namespace Observatory.Collector;

/// <summary>What the runtime source asks the target for.</summary>
internal sealed record RuntimeSourceOptions
{
    /// <summary>Which of its runtime's events.</summary>
    public EventDetail Detail { get; init; } = EventDetail.Default;

    /// <summary>What the target may use for events that are not read yet, in MB (2^20 bytes).</summary>
    public int BufferMegabytes { get; init; } = 64;

    /// <summary>File that the session's bytes are copied to; null for none.</summary>
    public string? Nettrace { get; init; }
}
