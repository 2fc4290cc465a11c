using Observatory.Contract;
using Observatory.Hosting;

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

/// <summary>The points of a study in the listed order, in which a point's position is its index.</summary>
internal static class StudyPoints
{
    /// <summary>
    /// Metrics keep at most 2000 label combinations per instrument, and every configuration is declared each second.
    /// </summary>
    public const int Most = 1000;

    /// <exception cref="UsageException">There are more than <see cref="Most"/>, or one that its operation does not compute.</exception>
    public static IReadOnlyList<StudyPoint> List(SweepOptions options)
    {
        SweepGrid[] grids =
            [new SweepGrid(options.Operations, options.Batches, options.Sequences, options.Dims), .. options.Additional];
        long count = grids.Sum(grid => grid.Count);
        if (count > Most)
        {
            throw new UsageException(
                $"{count} configurations are more than {Most}; name fewer --batches, --sequences or --dims.");
        }

        foreach (SweepGrid grid in grids)
        {
            foreach (IOperationFormula operation in grid.Operations)
            {
                foreach (int dim in grid.Dims) operation.RequireDim(dim);
            }
        }

        return
        [
            .. from grid in grids
               from operation in grid.Operations
               from batch in grid.Batches
               from sequence in grid.Sequences
               from dim in grid.Dims
               select new StudyPoint(operation, batch, sequence, dim),
        ];
    }
}
