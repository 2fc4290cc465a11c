namespace Observatory.Study;

/// <summary>Exponents of a family, jointly, alone and from step to step.</summary>
internal static class ScalingTable
{
    private sealed record Row(FamilyFindings Family, string Quantity, ScalingOf Scaling);

    private sealed record Step(FamilyFindings Family, string Quantity, Axis Axis, LocalExponent Exponent);

    private static readonly IReadOnlyList<Column<Row>> Exponents =
    [
        new("operation", row => row.Family.Operation),
        new("quantity", row => row.Quantity),
        .. Axes.All.Select(axis => new Column<Row>($"{axis.Name()}, jointly", row => Joint(row.Scaling, axis))),
        new("R²", row => row.Scaling.Joint is { } joint ? joint.Explained.ToString("0.0000") : NumberText.None),
        .. Axes.All.Select(axis => new Column<Row>($"{axis.Name()}, alone", row => Alone(row.Scaling, axis))),
    ];

    private static readonly IReadOnlyList<Column<Step>> Steps =
    [
        new("operation", step => step.Family.Operation),
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

    public static Table Of(IEnumerable<FamilyFindings> families) =>
        Exponents.Tabulate(2, families.SelectMany(Rows).Where(row => row.Scaling.Alone.Count > 0));

    public static Table StepsOf(IEnumerable<FamilyFindings> families) => Steps.Tabulate(3,
        from family in families
        from row in Rows(family)
        where row.Scaling != family.PredictedMemory && row.Scaling != family.Operations
        from axis in Axes.All
        from exponent in row.Scaling.Local[axis]
        select new Step(family, row.Quantity, axis, exponent));

    private static Row[] Rows(FamilyFindings family) =>
    [
        new(family, "latency", family.Latency),
        new(family, "operations, by formula", family.Operations),
        new(family, "memory added", family.Memory),
        new(family, "memory, by formula", family.PredictedMemory),
    ];

    private static string Joint(ScalingOf scaling, Axis axis) =>
        scaling.Joint?.Exponents.TryGetValue(axis, out Exponent exponent) is true
            ? NumberText.Exponent(exponent)
            : NumberText.None;

    private static string Alone(ScalingOf scaling, Axis axis) =>
        scaling.Alone.TryGetValue(axis, out Exponent exponent) ? NumberText.Exponent(exponent) : NumberText.None;
}
