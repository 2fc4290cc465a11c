using Observatory.Contract;
using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>
/// What an operation costs, by formula, in operations and in elements. Sizes may be absurd here, so all is 128 bits wide
/// and checked.
/// </summary>
internal interface IOperationFormula
{
    /// <summary>What options, labels and results call it.</summary>
    string Name { get; }

    /// <summary>Refuses a dimension that it does not compute as it says.</summary>
    /// <exception cref="UsageException">It is one.</exception>
    void RequireDim(int dim)
    {
    }

    /// <summary>
    /// Floating point operations of the matrix products, a multiply and an add counted as two. Functions of single
    /// elements (GELU, softmax) are left out, as is usual.
    /// </summary>
    /// <exception cref="OverflowException">128 bits do not count them.</exception>
    Int128 Operations(StudyPoint point);

    /// <summary>Elements of the input without weights.</summary>
    Int128 InputElements(StudyPoint point);

    /// <summary>Most elements of tensors that exist at once.</summary>
    Int128 PeakElements(StudyPoint point);

    /// <summary>Elements that one iteration touches, each counted once.</summary>
    Int128 TouchedElements(StudyPoint point);

    /// <summary>
    /// Elements that move between memory and CPU at least when no cache holds a tensor between two operators: each
    /// operator reads its inputs once and writes its output once.
    /// </summary>
    Int128 MovedElements(StudyPoint point);
}

/// <summary>The operations there are. A new one is a formula here and its computation in <c>Torch</c>.</summary>
internal static class OperationFormulas
{
    public static readonly IOperationFormula Linear = new LinearFormula();
    public static readonly IOperationFormula Mlp = new MlpFormula();
    public static readonly IOperationFormula Attention = new AttentionFormula();
    public static readonly IOperationFormula Decode = new DecodeFormula();

    public static readonly IReadOnlyList<IOperationFormula> All = [Linear, Mlp, Attention, Decode];

    /// <summary>Reads a list of their names.</summary>
    public static readonly ValueParser<IReadOnlyList<IOperationFormula>> Parser =
        Values.ListOf(Values.OneOf([.. All.Select(operation => (operation.Name, operation))]));
}

/// <summary>Input <c>[batch, sequence, dim]</c> times weight <c>[dim, dim]</c>.</summary>
internal sealed class LinearFormula : IOperationFormula
{
    public string Name => "linear";

    public Int128 Operations(StudyPoint point) => checked(2 * point.Elements * point.Dim);

    public Int128 InputElements(StudyPoint point) => point.Elements;

    public Int128 PeakElements(StudyPoint point) => TouchedElements(point);

    public Int128 TouchedElements(StudyPoint point) => (2 * point.Elements) + ((Int128)point.Dim * point.Dim);

    public Int128 MovedElements(StudyPoint point) => TouchedElements(point);
}

/// <summary>
/// Two layers with GELU between them: <c>[batch, sequence, dim]</c> times <c>[dim, 4 dim]</c>, then times
/// <c>[4 dim, dim]</c>. Three operators: product, GELU, product.
/// </summary>
internal sealed class MlpFormula : IOperationFormula
{
    /// <summary>The hidden layer is this much wider.</summary>
    public const int Widening = 4;

    public string Name => "mlp";

    public Int128 Operations(StudyPoint point) => checked(2 * Widening * 2 * point.Elements * point.Dim);

    public Int128 InputElements(StudyPoint point) => point.Elements;

    /// <summary>Input, hidden layer, output, both weights: GELU works in place, and outputs are there all the time.</summary>
    public Int128 PeakElements(StudyPoint point) => TouchedElements(point);

    public Int128 TouchedElements(StudyPoint point) => ((2 + Widening) * point.Elements) + Weights(point);

    /// <summary>The hidden layer moves four times: written and read before GELU and after it.</summary>
    public Int128 MovedElements(StudyPoint point) => ((2 + (4 * Widening)) * point.Elements) + Weights(point);

    private static Int128 Weights(StudyPoint point) => 2 * Widening * (Int128)point.Dim * point.Dim;
}

/// <summary>
/// Scaled dot-product attention of a sequence with itself, without a mask: queries, keys and values are
/// <c>[batch, heads, sequence, dim / heads]</c>.
/// </summary>
/// <remarks>
/// libtorch computes it block by block (Dao et al., FlashAttention, 2022), so the <c>[sequence, sequence]</c> matrix of
/// scores never exists: memory grows with the sequence, only operations with its square.
/// </remarks>
internal sealed class AttentionFormula : IOperationFormula
{
    private const int HeadSize = 64;

    public string Name => "attention";

    /// <summary>Heads of 64, as most models have them; a smaller dimension is one head.</summary>
    public static int Heads(int dim) => Math.Max(1, dim / HeadSize);

    public void RequireDim(int dim) => RequireHeads(Name, dim);

    /// <exception cref="UsageException">Heads of 64 do not divide the dimension.</exception>
    public static void RequireHeads(string operation, int dim)
    {
        if (dim > HeadSize && dim % HeadSize != 0)
            throw new UsageException(
                $"--dims has {dim}, and {operation} has heads of {HeadSize}; give multiples of {HeadSize}, or less for a single head.");
    }

    /// <summary>Queries times keys, and their softmax times values: 2 x batch x sequence^2 x dim each.</summary>
    public Int128 Operations(StudyPoint point) => checked(4 * point.Elements * point.Sequence);

    /// <summary>Queries, keys and values.</summary>
    public Int128 InputElements(StudyPoint point) => 3 * point.Elements;

    /// <summary>Input, output, and for each row of scores the logarithm of its sum, which libtorch keeps.</summary>
    public Int128 PeakElements(StudyPoint point) =>
        (4 * point.Elements) + point.Float32Elements((Int128)point.Batch * Heads(point.Dim) * point.Sequence);

    public Int128 TouchedElements(StudyPoint point) => PeakElements(point);

    public Int128 MovedElements(StudyPoint point) => 4 * point.Elements;
}

/// <summary>
/// A step of generation with a cache of keys and values: for each sequence of the batch one new token, whose query
/// <c>[batch, heads, 1, dim / heads]</c> attends to a context of <c>[batch, heads, sequence, dim / heads]</c>.
/// </summary>
/// <remarks>
/// The cache is read once and used for one row only, so the operations per byte do not grow with any size: memory is the
/// limit, which is why a generated token costs more than one of the prompt.
/// </remarks>
internal sealed class DecodeFormula : IOperationFormula
{
    public string Name => WorkloadConfiguration.Decode;

    public void RequireDim(int dim) => AttentionFormula.RequireHeads(Name, dim);

    /// <summary>As attention, for one row of the scores.</summary>
    public Int128 Operations(StudyPoint point) => checked(4 * point.Elements);

    /// <summary>Keys and values of the context, and the queries.</summary>
    public Int128 InputElements(StudyPoint point) => (2 * point.Elements) + Row(point);

    /// <summary>Input, output, and the logarithm of the sum of each row of scores.</summary>
    public Int128 PeakElements(StudyPoint point) => MovedElements(point)
        + point.Float32Elements((Int128)point.Batch * AttentionFormula.Heads(point.Dim));

    public Int128 TouchedElements(StudyPoint point) => PeakElements(point);

    public Int128 MovedElements(StudyPoint point) => InputElements(point) + Row(point);

    /// <summary>One token of each sequence.</summary>
    private static Int128 Row(StudyPoint point) => (Int128)point.Batch * point.Dim;
}
