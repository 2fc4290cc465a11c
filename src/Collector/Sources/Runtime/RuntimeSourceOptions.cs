using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>What the runtime source asks the target for.</summary>
internal sealed record RuntimeSourceOptions
{
    /// <summary>Which of its runtime's events, whatever the level of requests.</summary>
    public EventDetail Detail { get; init; } = EventDetail.Default;

    /// <summary>The same with what a level of requests needs.</summary>
    public EventDetail DetailAt(UnitLevel level) => Detail.With(level);

    /// <summary>What the target may use for events that are not read yet, in MB (2^20 bytes).</summary>
    public int BufferMegabytes { get; init; } = 64;

    /// <summary>How much of the requests of a server.</summary>
    public UnitLevel Units { get; init; } = UnitLevel.Segments;

    /// <summary>Events a second that may tell of requests before the level steps down; 0 for any number.</summary>
    public int UnitsLimit { get; init; } = UnitLoad.DefaultMost;

    /// <summary>Units of the user's own.</summary>
    public IReadOnlyList<UnitEvents> UnitEvents { get; init; } = [];

    /// <summary>Sources of activities that are units as well.</summary>
    public IReadOnlyList<ActivitySourceUnits> UnitActivities { get; init; } = [];

    /// <summary>What requests are called, where the user knows better.</summary>
    public IReadOnlyList<UnitNameRule> UnitNames { get; init; } = [];

    /// <summary>File that the session's bytes are copied to; null for none.</summary>
    public OutputFile? Nettrace { get; init; }
}
