namespace Observatory.Study;

/// <summary>The exponent between two neighbouring sizes, over all groups that share the other two sizes.</summary>
/// <param name="From">The smaller size.</param>
/// <param name="To">The larger size.</param>
/// <param name="Mean">Mean of the groups' exponents; its error is how much they differ. Null of a single group.</param>
/// <param name="Least">The smallest of them.</param>
/// <param name="Most">The largest of them.</param>
/// <param name="Groups">How many groups have both sizes.</param>
internal sealed record LocalExponent(long From, long To, Exponent? Mean, double Least, double Most, int Groups)
{
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
            .GroupBy(step => (step.From, step.To), step => step.Exponent)
            .OrderBy(steps => steps.Key.From).ThenBy(steps => steps.Key.To)
            .Select(steps => Create(steps.Key.From, steps.Key.To, [.. steps])),
    ];

    private static IEnumerable<(long From, long To, double Exponent)> Steps(Axis axis, ScalingPoint[] group)
    {
        for (int i = 1; i < group.Length; i++)
        {
            long from = axis.SizeOf(group[i - 1].Key), to = axis.SizeOf(group[i].Key);
            yield return (from, to, Math.Log(group[i].Value / group[i - 1].Value) / Math.Log((double)to / from));
        }
    }

    private static LocalExponent Create(long from, long to, double[] exponents)
    {
        double mean = exponents.Average();
        int freedom = exponents.Length - 1;
        double squares = exponents.Sum(exponent => (exponent - mean) * (exponent - mean));
        Exponent? known = freedom < 1
            ? null
            : new Exponent(mean, Math.Sqrt(squares / freedom / exponents.Length), freedom);
        return new LocalExponent(from, to, known, exponents.Min(), exponents.Max(), exponents.Length) { Average = mean };
    }
}
