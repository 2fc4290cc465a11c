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

    /// <summary>What a preset measures beside those, of other sizes; empty where any size or operation was named.</summary>
    public IReadOnlyList<SweepGrid> Beside { get; init; } = [];

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

    /// <summary>Null: to be chosen from what the machine allows.</summary>
    public required int? Threads { get; init; }

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
    public required string? Results { get; init; }
}
