namespace Observatory.Study;

/// <summary>How a run was made.</summary>
public sealed record RunSettings
{
    /// <summary>Name of the preset; null when the sizes were given one by one.</summary>
    public string? Preset { get; init; }

    /// <summary>Operations that were asked for.</summary>
    public required IReadOnlyList<string> Operations { get; init; }

    /// <summary>Seed of order and input.</summary>
    public required int Seed { get; init; }

    /// <summary>Order of the configurations within a pass: <c>shuffled</c> or <c>listed</c>.</summary>
    public required string Order { get; init; }

    /// <summary>
    /// Memory that operations wrote to: <c>reused</c>, or <c>fresh</c> in each iteration. Null: not said; older runs were
    /// fresh.
    /// </summary>
    public string? Outputs { get; init; }

    /// <summary>Iterations before the samples of each visit, not recorded; the least when they went on.</summary>
    public required int Warmup { get; init; }

    /// <summary>They went on until they had stopped becoming faster.</summary>
    public bool WarmupStable { get; init; }

    /// <summary>
    /// A configuration was left out of further passes when half the confidence interval of its median was at most this
    /// share of it; null: all were in every pass.
    /// </summary>
    public double? Precision { get; init; }

    /// <summary>Samples of a visit; long ones may have fewer, where a precision was wanted.</summary>
    public required int Iterations { get; init; }

    /// <summary>Complete passes over all configurations.</summary>
    public required long Passes { get; init; }

    /// <summary>
    /// CLOCK_MONOTONIC in nanoseconds when the run began, which is where the times of visits count from: by it the accounts
    /// of an observer are found.
    /// </summary>
    public long? MonotonicBeginNs { get; init; }

    /// <summary>
    /// Disturbances that somebody watched for: only of these does a sample without a flag say that there was none.
    /// </summary>
    public Disturbances Watched { get; init; }
}
