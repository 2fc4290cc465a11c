using System.Net;

namespace Observatory.Workload;

/// <summary>A sweep as it was asked for; every value is valid by itself.</summary>
internal sealed record SweepOptions
{
    /// <summary>Where the defaults come from; null: the built-in ones.</summary>
    public required string? Preset { get; init; }

    public required IReadOnlyList<IOperationFormula> Operations { get; init; }

    public required IReadOnlyList<int> Batches { get; init; }

    /// <summary>Sequence lengths in tokens.</summary>
    public required IReadOnlyList<int> Sequences { get; init; }

    public required IReadOnlyList<int> Dims { get; init; }

    /// <summary>What a preset measures besides those, of other sizes; empty where any size or operation was named.</summary>
    public IReadOnlyList<SweepGrid> Additional { get; init; } = [];

    /// <summary>Where operations write to.</summary>
    public required OutputMemory Outputs { get; init; }

    /// <summary>Marked iterations of a configuration per pass.</summary>
    public required int Iterations { get; init; }

    /// <summary>Iterations before those; neither marked by events nor recorded in metrics.</summary>
    public required WarmupChoice Warmup { get; init; }

    /// <summary>
    /// Half the width of the confidence interval that a median may have, as a share of it. Null: any.
    /// </summary>
    public required double? Precision { get; init; }

    /// <summary>Null: no limit.</summary>
    public required int? Passes { get; init; }

    /// <summary>Types of the elements.</summary>
    public required IReadOnlyList<ElementType> Types { get; init; }

    /// <summary>Threads to compute with; empty: to be chosen from what the machine allows.</summary>
    public required IReadOnlyList<int> Threads { get; init; }

    public required int Seed { get; init; }

    public required SweepOrder Order { get; init; }

    /// <summary>Once through the study instead of pass after pass.</summary>
    public required bool Once { get; init; }

    /// <summary>Null: no limit.</summary>
    public required TimeSpan? Duration { get; init; }

    /// <summary>To measure what the machine can do at most.</summary>
    public required bool Limits { get; init; }

    /// <summary>Where metrics are served; port 0 is any free one. Null: nowhere.</summary>
    public required IPEndPoint? Endpoint { get; init; }

    public required bool UntilStdinCloses { get; init; }

    public required bool Quiet { get; init; }

    public required bool Json { get; init; }

    /// <summary>File for every sample; null: none is written.</summary>
    public required Setting? Results { get; init; }

    /// <summary>The run that goes on; null: a new one.</summary>
    public ResumedRun? Resumed { get; init; }
}

/// <summary>Sizes of which every combination is a configuration.</summary>
/// <param name="Operations">What is computed.</param>
/// <param name="Batches">Batch sizes.</param>
/// <param name="Sequences">Sequence lengths in tokens.</param>
/// <param name="Dims">Embedding dimensions.</param>
internal sealed record SweepGrid(
    IReadOnlyList<IOperationFormula> Operations,
    IReadOnlyList<int> Batches,
    IReadOnlyList<int> Sequences,
    IReadOnlyList<int> Dims)
{
    public long Count => (long)Operations.Count * Batches.Count * Sequences.Count * Dims.Count;
}

/// <summary>The order in which a pass visits the configurations.</summary>
internal enum SweepOrder
{
    /// <summary>
    /// Another order each pass, so that a machine that drifts does not look like a size that scales badly.
    /// </summary>
    Shuffled,

    /// <summary>Batch, then sequence, then dimension, as listed.</summary>
    Listed,
}

/// <summary>Where an operation writes what it computed.</summary>
internal enum OutputMemory
{
    /// <summary>Into memory that was allocated before: the computation alone is timed.</summary>
    Reused,

    /// <summary>
    /// Into memory that each iteration allocates, as code does that does not think of it: allocator and page faults are
    /// timed too.
    /// </summary>
    Fresh,
}
