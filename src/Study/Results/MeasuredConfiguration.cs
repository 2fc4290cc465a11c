using System.Text.Json.Serialization;

namespace Observatory.Study;

/// <summary>One configuration: its sizes, what it costs by formula, and what was measured. Null: not known.</summary>
public sealed record MeasuredConfiguration
{
    public required string Operation { get; init; }

    /// <summary>First dimension of the input.</summary>
    public required long Batch { get; init; }

    /// <summary>Second dimension of the input, in tokens.</summary>
    public required long Sequence { get; init; }

    /// <summary>Last dimension of the input.</summary>
    public required long Dim { get; init; }

    /// <summary>Element type, for example <c>float32</c>.</summary>
    public required string Dtype { get; init; }

    /// <summary>Threads it is computed with.</summary>
    public required int Threads { get; init; }

    /// <summary>Floating point operations of one iteration, by formula.</summary>
    public long? Flops { get; init; }

    /// <summary>Size of the input tensor in bytes.</summary>
    public long? InputBytes { get; init; }

    /// <summary>Most bytes of tensors that exist at once, by formula.</summary>
    public long? PredictedMemoryBytes { get; init; }

    /// <summary>Bytes that one iteration touches, each counted once, by formula: to be compared with the caches.</summary>
    public long? WorkingSetBytes { get; init; }

    /// <summary>Floating point operations per byte that has to move between memory and CPU, by formula.</summary>
    public double? ArithmeticIntensity { get; init; }

    /// <summary>Most resident memory of the process while the configuration was in work, in bytes.</summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>Resident memory of the process just before the configuration's tensors were made, in bytes.</summary>
    public long? BaselineMemoryBytes { get; init; }

    /// <summary>Most managed bytes that the timed part of an iteration allocated.</summary>
    public long? MostAllocatedBytes { get; init; }

    /// <summary>Durations of the iterations in nanoseconds, in the order in which they ran.</summary>
    public required IReadOnlyList<long> DurationNs { get; init; }

    /// <summary>Older samples that were not kept; null: all are there.</summary>
    public long? DroppedSamples { get; init; }

    /// <summary>
    /// One for each sample; null when nobody watched. Only the kinds in <see cref="RunSettings.Watched"/> can be set.
    /// </summary>
    public IReadOnlyList<int>? Disturbances { get; init; }

    /// <summary>
    /// How the samples fall into visits: samples of a visit ran one after the other, between two visits something else
    /// ran. Null: one visit.
    /// </summary>
    public IReadOnlyList<Visit>? Visits { get; init; }

    /// <summary>What tells it from the others.</summary>
    [JsonIgnore]
    public ConfigurationKey Key => new(Operation, Batch, Sequence, Dim, Dtype, Threads);

    /// <summary>What disturbed a sample; <see cref="Disturbances.Unknown"/> when nobody watched.</summary>
    /// <param name="sample">Index into <see cref="DurationNs"/>.</param>
    public Disturbances DisturbancesOf(int sample) =>
        Disturbances is { } flags ? (Disturbances)flags[sample] : Study.Disturbances.Unknown;
}
