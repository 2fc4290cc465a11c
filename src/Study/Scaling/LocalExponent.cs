namespace Observatory.Study;

/// <summary>The exponent between two neighbouring sizes, over all groups that share the other two sizes.</summary>
/// <param name="From">The smaller size.</param>
/// <param name="To">The larger size.</param>
/// <param name="Mean">
/// Mean of the groups' exponents; its error is how much they differ, or of fewer than three how well each is known. Null where that
/// is not known either.
/// </param>
/// <param name="Least">The smallest of them.</param>
/// <param name="Most">The largest of them.</param>
/// <param name="Groups">How many groups have both sizes.</param>
internal sealed record LocalExponent(long From, long To, Exponent? Mean, double Least, double Most, int Groups)
{
    /// <summary>With fewer, their differences have next to no degrees of freedom.</summary>
    private const int LeastGroups = 3;

    /// <summary>What the value is multiplied by from one size to the other, at the mean of the groups' exponents.</summary>
    public double Factor => Math.Pow((double)To / From, Average);

    /// <summary>Mean of the groups' exponents.</summary>
    public required double Average { get; init; }

    /// <summary>Steps from each size to the next one, the smallest first.</summary>
    public static IReadOnlyList<LocalExponent> Along(Axis axis, IReadOnlyList<ScalingPoint> points) =>
    [
        .. points
            .GroupBy(point => axis.Others(point.Key))
            .SelectMany(group => Steps(axis, [.. group.OrderBy(point => axis.SizeOf(point.Key))]))
            .GroupBy(step => (step.From, step.To))
            .OrderBy(steps => steps.Key.From).ThenBy(steps => steps.Key.To)
            .Select(steps => Create(steps.Key.From, steps.Key.To, [.. steps])),
    ];

    private static IEnumerable<AxisStep> Steps(Axis axis, ScalingPoint[] group)
    {
        for (int i = 1; i < group.Length; i++)
        {
            long from = axis.SizeOf(group[i - 1].Key), to = axis.SizeOf(group[i].Key);
            yield return new AxisStep(
                from,
                to,
                Math.Log(group[i].Value / group[i - 1].Value) / Math.Log((double)to / from),
                group[i].Error is { } one && group[i - 1].Error is { } other ? one.Plus(other) : null);
        }
    }

    private static LocalExponent Create(long from, long to, AxisStep[] steps)
    {
        double mean = steps.Average(step => step.Exponent);
        Exponent? known = steps.Length < LeastGroups
            ? OfMeasured(mean, steps)
            : new Exponent(
                mean,
                Math.Sqrt(steps.Sum(step => (step.Exponent - mean) * (step.Exponent - mean)) / (steps.Length - 1) / steps.Length),
                steps.Length - 1);
        return new LocalExponent(
            from, to, known, steps.Min(step => step.Exponent), steps.Max(step => step.Exponent), steps.Length) { Average = mean };
    }

    /// <summary>
    /// The error of one or two groups, from how well their values are known: two differences say next to nothing about how much
    /// groups differ. As if the groups erred together, for they were measured on the same machine.
    /// </summary>
    private static Exponent? OfMeasured(double mean, AxisStep[] steps)
    {
        if (steps.Any(step => step.Error is null)) return null;
        double size = Math.Log((double)steps[0].To / steps[0].From);
        return new Exponent(
            mean,
            steps.Average(step => Math.Sqrt(step.Error!.Value.Variance)) / size,
            Math.Max(1, (int)steps.Min(step => step.Error!.Value.Freedom)));
    }

    /// <summary>One group's step.</summary>
    /// <param name="From">The smaller size.</param>
    /// <param name="To">The larger size.</param>
    /// <param name="Exponent">Between the two.</param>
    /// <param name="Error">Of the logarithm of the ratio of the two values.</param>
    private sealed record AxisStep(long From, long To, double Exponent, LogError? Error);
}
