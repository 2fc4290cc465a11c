namespace Observatory.Workload;

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

    /// <summary>Heads of 64, as most models have them; one head where that does not divide the dimension.</summary>
    public static int Heads(int dim) => dim % HeadSize == 0 ? dim / HeadSize : 1;

    /// <summary>Queries times keys, and their softmax times values: 2 x batch x sequence^2 x dim each.</summary>
    public Int128 Operations(StudyPoint point) => checked(4 * point.Elements * point.Sequence);

    /// <summary>Queries, keys and values.</summary>
    public Int128 InputElements(StudyPoint point) => 3 * point.Elements;

    /// <summary>Input, output, and for each row of scores the logarithm of its sum, which libtorch keeps.</summary>
    public Int128 PeakElements(StudyPoint point) =>
        (4 * point.Elements) + ((Int128)point.Batch * Heads(point.Dim) * point.Sequence);

    public Int128 TouchedElements(StudyPoint point) => PeakElements(point);

    public Int128 MovedElements(StudyPoint point) => 4 * point.Elements;
}
