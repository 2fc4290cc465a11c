using Observatory.Contract;

namespace Observatory.Workload.Study;

/// <summary>
/// Sizes of one configuration of <c>linear</c>: input <c>[batch, sequence, dim]</c> times weight <c>[dim, dim]</c>.
/// </summary>
internal readonly record struct StudyPoint(int Batch, int Sequence, int Dim)
{
    public const string Operation = "linear";
    public const string DataType = "float32";

    /// <summary>
    /// Bytes of input, output and weight together. Sizes may be absurd here, so the sum is 128 bits wide.
    /// </summary>
    public Int128 TensorBytes => sizeof(float) * ((2 * Elements) + ((Int128)Dim * Dim));

    /// <summary>The configuration as observers know it.</summary>
    /// <param name="index">Position in the listed order.</param>
    /// <param name="threads">Threads it is computed with.</param>
    /// <exception cref="OverflowException">
    /// More operations than 64 bits count; no memory holds such a point.
    /// </exception>
    public WorkloadConfiguration ToConfiguration(int index, int threads) => checked(new(
        index,
        Operation,
        Batch,
        Sequence,
        Dim,
        DataType,
        threads,
        FloatingPointOperations: (long)(2 * Elements * Dim),
        InputBytes: (long)(sizeof(float) * Elements)));

    public override string ToString() => $"[{Batch}, {Sequence}, {Dim}]";

    private Int128 Elements => (Int128)Batch * Sequence * Dim;
}
