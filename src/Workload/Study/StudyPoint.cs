using Observatory.Contract;

namespace Observatory.Workload;

/// <summary>An operation with the sizes of its input.</summary>
internal readonly record struct StudyPoint(IOperationFormula Operation, int Batch, int Sequence, int Dim)
{
    public const string DataType = "float32";

    /// <summary>Elements of <c>[batch, sequence, dim]</c>.</summary>
    public Int128 Elements => (Int128)Batch * Sequence * Dim;

    /// <summary>Most bytes of tensors that exist at once.</summary>
    public Int128 PeakBytes => sizeof(float) * Operation.PeakElements(this);

    /// <summary>Bytes that one iteration touches, each counted once.</summary>
    public long WorkingSetBytes => checked((long)(sizeof(float) * Operation.TouchedElements(this)));

    /// <summary>Floating point operations per byte that has to move between memory and CPU.</summary>
    public double ArithmeticIntensity =>
        (double)Operation.Operations(this) / (double)(sizeof(float) * Operation.MovedElements(this));

    /// <summary>The configuration as observers know it.</summary>
    /// <param name="index">Position in the listed order.</param>
    /// <param name="threads">Threads it is computed with.</param>
    /// <exception cref="OverflowException">
    /// More operations than 64 bits count; no memory holds such a point.
    /// </exception>
    public WorkloadConfiguration ToConfiguration(int index, int threads) => checked(new(
        index,
        Operation.Name,
        Batch,
        Sequence,
        Dim,
        DataType,
        threads,
        FloatingPointOperations: (long)Operation.Operations(this),
        InputBytes: (long)(sizeof(float) * Operation.InputElements(this))));

    /// <summary>For example <c>linear [8, 512, 128]</c>.</summary>
    public override string ToString() => $"{Operation.Name} [{Batch}, {Sequence}, {Dim}]";
}
