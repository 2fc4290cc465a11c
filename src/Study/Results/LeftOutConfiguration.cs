using System.Text.Json.Serialization;

namespace Observatory.Study;

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
