namespace Observatory.Study;

/// <summary>
/// Linear means an exponent of 1: an axis is linear when the whole interval of its exponent is within 0.1 of 1, it is
/// not when the whole interval is outside, and between the two it cannot be told.
/// </summary>
internal static class MemoryClaim
{
    private const string Statement = "Memory grows linearly with batch, sequence and dim";
    private const double Tolerance = 0.1;

    /// <summary>The kernel's count is known to some hundred KiB: a smaller fixed part is not worth a word.</summary>
    private const double LeastFixed = 1 << 20;

    private static readonly string Larger =
        $"sweep three sizes or more of each axis at which an iteration needs {NumberText.Bytes(FamilyFindings.LeastMemory)}: --preset study.";

    public static Claim Judge(IReadOnlyList<FamilyFindings> all)
    {
        IReadOnlyList<Family> families = Family.Join(all);
        (string Family, Axis Axis, Exponent Exponent)[] measured =
        [
            .. from family in families
               from pair in family.Memory.Alone
               select (Name(family), pair.Key, pair.Value),
        ];
        return measured.Length == 0
            ? new Claim(Statement, Verdict.Inconclusive, Unmeasured(families)) { Remedy = Larger }
            : new Claim(Statement, VerdictText.Together(Parts(families)), Reason(measured))
            {
                Remedy = Parts(families).Any(part => part is null) ? Larger : null,
            };
    }

    /// <summary>
    /// An axis along which a family varies and memory was not measured is a part that cannot be told, and so is one along
    /// which no family varies.
    /// </summary>
    private static IEnumerable<bool?> Parts(IReadOnlyList<Family> families) =>
        from axis in Axes.All
        let varying = families.Where(family => axis.Varies(family.Keys)).ToArray()
        from part in varying.Length == 0
            ? [null]
            : varying.Select(family =>
                family.Memory.Alone.TryGetValue(axis, out Exponent exponent) ? IsLinear(exponent) : (bool?)null)
        select part;

    private static bool? IsLinear(Exponent exponent)
    {
        bool within = exponent.Interval.Low >= 1 - Tolerance && exponent.Interval.High <= 1 + Tolerance;
        bool outside = exponent.Interval.Low > 1 + Tolerance || exponent.Interval.High < 1 - Tolerance;
        return within ? true : outside ? false : null;
    }

    private static string Reason((string Family, Axis Axis, Exponent Exponent)[] measured) =>
        "Added resident memory grows with these exponents (95 %): " + string.Join("; ", measured
            .GroupBy(part => part.Family)
            .Select(family => $"{family.Key}: " + string.Join(", ", family.Select(part =>
                $"{part.Axis.Name()} {NumberText.Exponent(part.Exponent)}{Mark(part.Exponent)}")))) + ".";

    private static string Name(Family family) => family.Fixed.Max() >= LeastFixed
        ? $"{family.Label}, beyond a fixed {NumberText.Range(family.Fixed, value => NumberText.Bytes(value))}"
        : family.Label;

    private static string Mark(Exponent exponent) => IsLinear(exponent) switch
    {
        true => " linear",
        false => " not linear",
        null => " not known to 0.1",
    };

    private static string Unmeasured(IReadOnlyList<Family> families)
    {
        string[] formulas =
        [
            .. families
                .Where(family => family.Predicted.Alone.Count > 0)
                .Select(family => $"{family.Label}: " + string.Join(", ", family.Predicted.Alone.Select(pair =>
                    $"{pair.Key.Name()} {NumberText.Plain(pair.Value.Value)}"))),
        ];
        return "The memory that configurations of at least "
            + $"{NumberText.Bytes(FamilyFindings.LeastMemory)} add was not measured (peak and baseline) at sizes that differ."
            + (formulas.Length == 0 ? "" : $" By formula the exponents would be: {string.Join("; ", formulas)}.");
    }

    /// <summary>
    /// Families that differ in threads only, together: tensors are as large with any number of threads, and two looks at few sizes know
    /// an exponent much better than one. What the library keeps for its threads is the fixed part of each.
    /// </summary>
    /// <param name="Label">The operation, and the element type where a run has several.</param>
    /// <param name="Keys">All configurations.</param>
    /// <param name="Fixed">Bytes that do not grow, for each number of threads.</param>
    /// <param name="Memory">As measured, beyond that.</param>
    /// <param name="Predicted">By formula.</param>
    private sealed record Family(
        string Label, IReadOnlyList<ConfigurationKey> Keys, IReadOnlyList<double> Fixed, PowerLaws Memory, PowerLaws Predicted)
    {
        public static IReadOnlyList<Family> Join(IReadOnlyList<FamilyFindings> all)
        {
            bool isOneDtype = all.Select(family => family.Dtype).Distinct().Count() < 2;
            return
            [
                .. from family in all
                   group family by (family.Operation, family.Dtype) into same
                   select new Family(
                       same.Key.Operation + (isOneDtype ? "" : $", {same.Key.Dtype}"),
                       [.. same.SelectMany(one => one.Configurations).Select(item => item.Key)],
                       [.. same.Select(one => one.FixedMemory)],
                       PowerLaws.Fit(same.SelectMany(one => one.Memory.Points)),
                       PowerLaws.Fit(same.SelectMany(one => one.PredictedMemory.Points))),
            ];
        }
    }
}
