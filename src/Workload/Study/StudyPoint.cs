using Observatory.Contract;
using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>Type of the elements that an operation computes with.</summary>
internal enum ElementType
{
    Float32,
    BFloat16,
    Float16,
}

/// <summary>What the types are called and how large they are.</summary>
internal static class ElementTypes
{
    /// <summary>Reads a list of names.</summary>
    public static readonly ValueParser<IReadOnlyList<ElementType>> Parser =
        Values.ListOf(Values.OneOf([.. Enum.GetValues<ElementType>().Select(type => (type.Name(), type))]));

    /// <summary>As options, labels and results spell it.</summary>
    public static string Name(this ElementType type) => type switch
    {
        ElementType.BFloat16 => "bfloat16",
        ElementType.Float16 => "float16",
        _ => "float32",
    };

    /// <summary>Bytes of an element.</summary>
    public static int Size(this ElementType type) => type == ElementType.Float32 ? 4 : 2;
}

/// <summary>An operation with the sizes of its input, the type of its elements and the threads that compute it.</summary>
internal readonly record struct StudyPoint(IOperationFormula Operation, int Batch, int Sequence, int Dim)
{
    /// <summary>Type of the elements.</summary>
    public ElementType Type { get; init; } = ElementType.Float32;

    /// <summary>Threads it is computed with.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Elements of <c>[batch, sequence, dim]</c>.</summary>
    public Int128 Elements => (Int128)Batch * Sequence * Dim;

    /// <summary>Most bytes of tensors that exist at once.</summary>
    public Int128 PeakBytes => Type.Size() * Operation.PeakElements(this);

    /// <summary>Bytes that one iteration touches, each counted once.</summary>
    public long WorkingSetBytes => checked((long)(Type.Size() * Operation.TouchedElements(this)));

    /// <summary>Floating point operations per byte that has to move between memory and CPU.</summary>
    public double ArithmeticIntensity =>
        (double)Operation.Operations(this) / (double)(Type.Size() * Operation.MovedElements(this));

    /// <summary>So many float32 values, in elements of this point's type: libtorch accumulates in float32.</summary>
    public Int128 Float32Elements(Int128 count) => count * ElementType.Float32.Size() / Type.Size();

    /// <summary>The configuration as observers know it.</summary>
    /// <param name="index">Position in the listed order.</param>
    /// <exception cref="OverflowException">
    /// More operations than 64 bits count; no memory holds such a point.
    /// </exception>
    public WorkloadConfiguration ToConfiguration(int index) => checked(new(
        index,
        Operation.Name,
        Batch,
        Sequence,
        Dim,
        Type.Name(),
        Threads,
        FloatingPointOperations: (long)Operation.Operations(this),
        InputBytes: (long)(Type.Size() * Operation.InputElements(this))));

    /// <summary>For example <c>linear [8, 512, 128]</c>, with the type where it is not float32.</summary>
    public override string ToString() =>
        $"{Operation.Name} [{Batch}, {Sequence}, {Dim}]{(Type == ElementType.Float32 ? "" : $" {Type.Name()}")}";
}

/// <summary>The points of a study in the listed order, in which a point's position is its index.</summary>
internal static class StudyPoints
{
    /// <summary>
    /// Metrics keep at most 2000 label combinations per instrument, and every configuration is declared each second.
    /// </summary>
    public const int Most = 1000;

    /// <param name="options">The axes.</param>
    /// <param name="threads">Threads to compute with, one number or several.</param>
    /// <exception cref="UsageException">There are more than <see cref="Most"/>, or one that its operation does not compute.</exception>
    public static IReadOnlyList<StudyPoint> List(SweepOptions options, IReadOnlyList<int> threads)
    {
        SweepGrid[] grids =
            [new SweepGrid(options.Operations, options.Batches, options.Sequences, options.Dims), .. options.Additional];
        long count = grids.Sum(grid => grid.Count) * options.Types.Count * threads.Count;
        if (count > Most)
        {
            throw new UsageException(
                $"{count} configurations are more than {Most}; name fewer --batches, --sequences, --dims, --threads or --dtypes.");
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
               from type in options.Types
               from threadCount in threads
               from batch in grid.Batches
               from sequence in grid.Sequences
               from dim in grid.Dims
               select new StudyPoint(operation, batch, sequence, dim) { Type = type, Threads = threadCount },
        ];
    }
}
