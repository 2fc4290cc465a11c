namespace Observatory.Workload;

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
