using System.Text.Json.Serialization;

namespace Observatory.Study;

/// <summary>What an observer says about one iteration: a line of the collector's <c>--accounts</c> file.</summary>
public sealed record IterationAccount
{
    /// <summary>Number of the iteration in its process.</summary>
    public required long Iteration { get; init; }

    public required string Operation { get; init; }

    public required long BatchSize { get; init; }

    public required long SequenceLength { get; init; }

    public required long EmbeddingDim { get; init; }

    /// <summary>CLOCK_MONOTONIC, in nanoseconds.</summary>
    public required long BeganNs { get; init; }

    /// <summary>CLOCK_MONOTONIC, in nanoseconds.</summary>
    public required long EndedNs { get; init; }

    /// <summary>No time of it is unknown.</summary>
    public required bool Complete { get; init; }

    /// <summary>Nanoseconds of the driving thread by state; they add up to the wall time. Null: not measured.</summary>
    public required IReadOnlyDictionary<string, long?> Ns { get; init; }

    /// <summary>The same of all threads, by their role; null where nobody saw them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, long?>>? PoolNs { get; init; }

    /// <summary>In nanoseconds.</summary>
    [JsonIgnore]
    public long WallNs => EndedNs - BeganNs;

    /// <summary>It is of this configuration.</summary>
    internal bool IsOf(ConfigurationKey key) =>
        (Operation, BatchSize, SequenceLength, EmbeddingDim) == (key.Operation, key.Batch, key.Sequence, key.Dim);
}
