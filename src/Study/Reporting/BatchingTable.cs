namespace Observatory.Study;

/// <summary>The sweet spot of each batching curve and what is lost on either side.</summary>
internal static class BatchingTable
{
    private sealed record Row(FamilyFindings Family, BatchingCurve Curve);

    private static readonly IReadOnlyList<Column<Row>> All =
    [
        new("operation", row => row.Family.Operation),
        new("sequence", row => NumberText.Whole(row.Curve.Sequence)),
        new("dim", row => NumberText.Whole(row.Curve.Dim)),
        new("batches", row => string.Join(" ", row.Curve.Points.Select(point => point.Batch))),
        new("sweet spot", row => NumberText.Whole(row.Curve.Best.Batch)),
        new("tokens/s", row => NumberText.Count(row.Curve.Best.TokensPerSecond)),
        new("enough", row => row.Curve.Shape == BatchingShape.CannotBeTold
            ? NumberText.None
            : NumberText.Whole(row.Curve.Enough.Batch)),
        new("lost at next smaller", row => Loss(row.Curve, -1)),
        new("lost at next larger", row => Loss(row.Curve, +1)),
        new("most lost", row => MostLost(row.Curve)),
        new("tokens/s against batch", row => Text(row.Curve.Shape)),
    ];

    public static Table Of(IEnumerable<FamilyFindings> families) =>
        All.Tabulate(1, families.SelectMany(family => family.Batching.Select(curve => new Row(family, curve))));

    private static string Loss(BatchingCurve curve, int step)
    {
        int neighbour = curve.Points.Index().First(pair => pair.Item == curve.Best).Index + step;
        return neighbour < 0 || neighbour >= curve.Points.Count ? "-" : Loss(curve.Points[neighbour]);
    }

    private static string MostLost(BatchingCurve curve)
    {
        BatchingPoint worst = curve.Points.MaxBy(point => point.Loss)!;
        return $"{Loss(worst)} at {worst.Batch}";
    }

    private static string Loss(BatchingPoint point) =>
        NumberText.Percent(point.Loss) + (point.Probability is null ? " (?)" : point.IsWorse ? " *" : "");

    private static string Text(BatchingShape shape) => shape switch
    {
        BatchingShape.Flat => "flat",
        BatchingShape.Falls => "falls",
        BatchingShape.Saturates => "saturates",
        BatchingShape.StillRising => "still rising",
        _ => "cannot be told",
    };
}
