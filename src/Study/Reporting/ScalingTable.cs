namespace Observatory.Study;

/// <summary>Exponents of a family, jointly, alone and from step to step.</summary>
internal static class ScalingTable
{
    private sealed record ScalingRow(FamilyFindings Family, string Quantity, PowerLaws Scaling);

    private sealed record ExponentRow(FamilyFindings Family, string Quantity, Axis Axis, LocalExponent Exponent);

    private static readonly IReadOnlyList<TableColumn<ScalingRow>> Exponents =
    [
        new("operation", row => row.Family.Label),
        new("quantity", row => row.Quantity),
        .. Axes.All.Select(axis => new TableColumn<ScalingRow>($"{axis.Name()}, jointly", row => Joint(row.Scaling, axis))),
        new("R²", row => row.Scaling.Joint is { } joint ? joint.Explained.ToString("0.0000") : NumberText.None),
        .. Axes.All.Select(axis => new TableColumn<ScalingRow>($"{axis.Name()}, alone", row => Alone(row.Scaling, axis))),
    ];

    private static readonly IReadOnlyList<TableColumn<ExponentRow>> Steps =
    [
        new("operation", step => step.Family.Label),
        new("quantity", step => step.Quantity),
        new("size", step => step.Axis.Name()),
        new("from", step => NumberText.Whole(step.Exponent.From)),
        new("to", step => NumberText.Whole(step.Exponent.To)),
        new("exponent (95 %)", step => step.Exponent.Mean is { } mean
            ? NumberText.Exponent(mean)
            : NumberText.Plain(step.Exponent.Average)),
        new("least", step => NumberText.Plain(step.Exponent.Least)),
        new("most", step => NumberText.Plain(step.Exponent.Most)),
        new("pairs", step => NumberText.Whole(step.Exponent.Groups)),
    ];

    public static Table Create(IEnumerable<FamilyFindings> families) =>
        Exponents.Tabulate(2, families.SelectMany(Rows).Where(row => row.Scaling.Alone.Count > 0));

    public static Table StepsOf(IEnumerable<FamilyFindings> families) => Steps.Tabulate(3,
        from family in families
        from row in Rows(family)
        where row.Scaling != family.PredictedMemory && row.Scaling != family.Operations
        from axis in Axes.All
        from exponent in row.Scaling.Local[axis]
        select new ExponentRow(family, row.Quantity, axis, exponent));

    private static ScalingRow[] Rows(FamilyFindings family) =>
    [
        new(family, "latency", family.Latency),
        new(family, "operations, by formula", family.Operations),
        new(family, "memory added", family.Memory),
        new(family, "memory, by formula", family.PredictedMemory),
    ];

    private static string Joint(PowerLaws scaling, Axis axis) =>
        scaling.Joint?.Exponents.TryGetValue(axis, out Exponent exponent) is true
            ? NumberText.Exponent(exponent)
            : NumberText.None;

    private static string Alone(PowerLaws scaling, Axis axis) =>
        scaling.Alone.TryGetValue(axis, out Exponent exponent) ? NumberText.Exponent(exponent) : NumberText.None;
}

/// <summary>The sweet spot of each batching curve and what is lost on either side.</summary>
internal static class BatchingTable
{
    private sealed record BatchingRow(FamilyFindings Family, BatchingCurve Curve);

    private static readonly IReadOnlyList<TableColumn<BatchingRow>> All =
    [
        new("operation", row => row.Family.Label),
        new("sequence", row => NumberText.Whole(row.Curve.Sequence)),
        new("dim", row => NumberText.Whole(row.Curve.Dim)),
        new("batches", row => string.Join(" ", row.Curve.Points.Select(point => point.Batch))),
        new("sweet spot", row => NumberText.Whole(row.Curve.Best.Batch)),
        new("tokens/s", row => NumberText.Count(row.Curve.Best.TokensPerSecond)),
        new("enough", Enough),
        new("loss at next smaller", row => Loss(row.Curve, -1)),
        new("loss at next larger", row => Loss(row.Curve, +1)),
        new("largest loss", row => $"{Loss(row.Curve.Worst)} at {row.Curve.Worst.Batch}"),
        new("tokens/s against batch", row => Text(row.Curve.Shape)),
    ];

    public static Table Create(IEnumerable<FamilyFindings> families) =>
        All.Tabulate(1, families.SelectMany(family => family.Batching.Select(curve => new BatchingRow(family, curve))));

    private static string Loss(BatchingCurve curve, int step)
    {
        int neighbour = curve.Points.Index().First(pair => pair.Item == curve.Best).Index + step;
        return neighbour < 0 || neighbour >= curve.Points.Count ? "-" : Loss(curve.Points[neighbour]);
    }

    private static string Loss(BatchingPoint point) =>
        NumberText.Percent(point.Loss) + (point.LossInterval is null ? " (?)" : point.IsWorse ? " *" : point.IsGood ? "" : " ~");

    private static string Enough(BatchingRow row) => row.Curve.Shape == BatchingShape.Inconclusive
        ? NumberText.None
        : NumberText.Range([row.Curve.PerhapsEnough.Batch, row.Curve.Enough.Batch], NumberText.Whole);

    private static string Text(BatchingShape shape) => shape switch
    {
        BatchingShape.Flat => "flat",
        BatchingShape.Falls => "falls",
        BatchingShape.Saturates => "saturates",
        BatchingShape.StillRising => "still rising",
        _ => "inconclusive",
    };
}
