namespace Observatory.Workload;

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
