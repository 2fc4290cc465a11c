using System.Globalization;

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
    public double Tokens => (double)Batch * Sequence;

    /// <summary>The family of configurations that differ in size only.</summary>
    public (string Operation, string Dtype, int Threads) Family => (Operation, Dtype, Threads);

    /// <summary>For example <c>linear [8, 512, 128]</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Operation} [{Batch}, {Sequence}, {Dim}]");
}
