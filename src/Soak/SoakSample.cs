using System.Text.Json.Serialization;

namespace Observatory.Soak;

/// <summary>What was seen in one interval of a soak test: a line of the state file.</summary>
/// <remarks>Null is what was not there to be seen; a sample without <see cref="TargetResident"/> was taken without a target.</remarks>
public sealed record SoakSample
{
    /// <summary>End of the interval.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Resident memory of the target, bytes.</summary>
    public long? TargetResident { get; init; }

    /// <summary>Managed heap of the target after a collection, the least of the interval, bytes; null without a collection.</summary>
    public long? ManagedFloor { get; init; }

    /// <summary>The same of full collections alone, bytes: what is alive. After any other, garbage of the oldest generation is in it.</summary>
    public long? FullFloor { get; init; }

    /// <summary>Memory that the target's garbage collector has from the system, as it told last, bytes; null where it never does.</summary>
    public long? TargetCommitted { get; init; }

    /// <summary>Files and sockets that the target has open.</summary>
    public long? TargetHandles { get; init; }

    /// <summary>Threads of the target.</summary>
    public long? TargetThreads { get; init; }

    /// <summary>Resident memory of the collector, bytes.</summary>
    public long CollectorResident { get; init; }

    /// <summary>The same right after the collector gave back all that it does not use, bytes; null where it did not at the end of this interval.</summary>
    public long? CollectorAlive { get; init; }

    /// <summary>Files and sockets that the collector has open.</summary>
    public long CollectorHandles { get; init; }

    /// <summary>Threads of the collector.</summary>
    public long CollectorThreads { get; init; }

    /// <summary>Units of work that ended in the interval.</summary>
    public long Units { get; init; }

    /// <summary>Those of them whose account is incomplete.</summary>
    public long Incomplete { get; init; }

    /// <summary>Events that were lost in the interval, each of them counted by its source.</summary>
    public long Lost { get; init; }

    /// <summary>Processes that took the place of the target in the interval.</summary>
    public long Restarts { get; init; }

    /// <summary>Seconds of the interval without a target.</summary>
    public double GapSeconds { get; init; }

    /// <summary>Median wall time of the units that ended in the interval, milliseconds, by configuration or name.</summary>
    public IReadOnlyDictionary<string, double> LatencyMs { get; init; } = new Dictionary<string, double>();
}

/// <summary>The first line of a state file: what is soaked.</summary>
public sealed record SoakPlan
{
    /// <summary>Version of the format.</summary>
    [JsonPropertyName("soak")]
    public int Version { get; init; } = 1;

    /// <summary>When the first interval began.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>How long it is to last, seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Length of an interval, seconds.</summary>
    public required double IntervalSeconds { get; init; }

    /// <summary>How much time a trend must cover to be told, seconds; null, as in a state that knows nothing of it, for what is usual.</summary>
    public double? ShortestTrendSeconds { get; init; }

    /// <summary>How much time a trend must cover to be told. A growth an hour that was seen for less than half of one is a guess.</summary>
    [JsonIgnore]
    public TimeSpan ShortestTrend => ShortestTrendSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromMinutes(30);

    /// <summary>What is observed, for people.</summary>
    public string Target { get; init; } = "";
}

/// <summary>JSON of the state file, a line for the plan and one for each sample.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SoakPlan))]
[JsonSerializable(typeof(SoakSample))]
public sealed partial class SoakJsonContext : JsonSerializerContext;
