using System.Globalization;
using System.Text.Json.Serialization;

namespace Observatory.Study;

/// <summary>What tells one configuration from another.</summary>
/// <param name="Operation">What is computed, for example <c>linear</c>.</param>
/// <param name="Batch">First dimension of the input.</param>
/// <param name="Sequence">Second dimension of the input, in tokens.</param>
/// <param name="Dim">Last dimension of the input.</param>
/// <param name="Dtype">Element type, for example <c>float32</c>.</param>
/// <param name="Threads">Threads it is computed with.</param>
public readonly record struct ConfigurationKey(
    string Operation, long Batch, long Sequence, long Dim, string Dtype, int Threads)
{
    /// <summary>Tokens that one iteration processes.</summary>
    public double Tokens => Operation == Decode ? Batch : (double)Batch * Sequence;

    /// <summary>
    /// The operation that makes one token for each sequence of the batch; the sequence length is the context of each.
    /// </summary>
    public const string Decode = "decode";

    /// <summary>The family of configurations that differ in size only.</summary>
    public (string Operation, string Dtype, int Threads) Family => (Operation, Dtype, Threads);

    /// <summary>For example <c>linear [8, 512, 128]</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Operation} [{Batch}, {Sequence}, {Dim}]");
}

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

    /// <summary>Peak resident memory of the process while the configuration ran, in bytes.</summary>
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
    /// One for each sample; null when disturbances were not watched for. Only the kinds in <see cref="RunSettings.Watched"/> can be set.
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

    /// <summary>What disturbed a sample; <see cref="Disturbances.Unknown"/> when disturbances were not watched for.</summary>
    /// <param name="sample">Index into <see cref="DurationNs"/>.</param>
    public Disturbances DisturbancesOf(int sample) =>
        Disturbances is { } flags ? (Disturbances)flags[sample] : Study.Disturbances.Unknown;
}

/// <summary>Samples that ran one after the other, with nothing else between them.</summary>
/// <param name="AtNs">When the first of them began, in nanoseconds since the run began.</param>
/// <param name="Samples">How many there are.</param>
public readonly record struct Visit(long AtNs, int Samples)
{
    /// <summary>
    /// Number of the first one in the process, as observers know it; the others follow without a gap. Null: not known.
    /// </summary>
    public long? FirstIteration { get; init; }
}

/// <summary>What came between a sample and the computation alone. In JSON: the number.</summary>
[Flags]
public enum Disturbances
{
    /// <summary>Nothing of what was watched for.</summary>
    None = 0,

    /// <summary>A garbage collection fell into it.</summary>
    Gc = 1,

    /// <summary>Another thread had its CPU for a while.</summary>
    Preempted = 2,

    /// <summary>The CPU quota of a cgroup ran out.</summary>
    Throttled = 4,

    /// <summary>The run was watched, but this sample was not seen.</summary>
    Unknown = 8,
}

/// <summary>A configuration that was asked for and not measured.</summary>
/// <param name="Operation">What was to be computed.</param>
/// <param name="Batch">First dimension of the input.</param>
/// <param name="Sequence">Second dimension of the input, in tokens.</param>
/// <param name="Dim">Last dimension of the input.</param>
/// <param name="Dtype">Element type.</param>
/// <param name="Threads">Threads it was to be computed with.</param>
/// <param name="Reason">Why it was not, in a sentence: <c>needs 12.5 GiB, 7.8 GiB are available</c>.</param>
public sealed record LeftOutConfiguration(
    string Operation, long Batch, long Sequence, long Dim, string Dtype, int Threads, string Reason)
{
    /// <summary>What tells it from the others.</summary>
    [JsonIgnore]
    public ConfigurationKey Key => new(Operation, Batch, Sequence, Dim, Dtype, Threads);
}
