namespace Observatory.Study;

/// <summary>
/// At the largest step of dim the exponent of the latency is 1 when latency is proportional to it. Operations that were
/// measured at the largest dim decide; whether the exponent is more than the arithmetic asks for is said beside it, and
/// what bounds the configurations there.
/// </summary>
internal static class DimensionClaim
{
    private const string Statement = "Latency grows non-linearly at high dimensions";

    public static Claim Judge(IReadOnlyList<FamilyFindings> families)
    {
        (FamilyFindings Family, LocalExponent Step)[] steps =
        [
            .. from family in families
               let step = family.Latency.LastStep(Axis.Dim)
               where step is not null
               select (family, step),
        ];
        long highest = steps.Select(part => part.Step.To).DefaultIfEmpty().Max();
        steps = [.. steps.Where(part => part.Step.To == highest)];
        return steps.Length == 0
            ? new Claim(Statement, Verdict.CannotBeTold, "No two configurations differ in dim alone.")
            : new Claim(
                Statement,
                VerdictText.Together(steps.Select(part => IsNonLinear(part.Step))),
                string.Join(" ", steps.Select(part => Reason(part.Family, part.Step))));
    }

    private static bool? IsNonLinear(LocalExponent step) => step.Mean is not { } mean
        ? null
        : mean.Interval.Low > 1 ? true : mean.Interval.High <= 1.1 ? false : null;

    private static string Reason(FamilyFindings family, LocalExponent step)
    {
        LocalExponent? arithmetic = family.Operations.LastStep(Axis.Dim);
        string grows = step.Mean is { } mean
            ? $"with exponent {NumberText.Exponent(mean)}"
            : $"with exponent {NumberText.Plain(step.Average)}, of a single pair, so its error is not known";
        return $"{family.Operation}: from dim {step.From} to {step.To} latency grows {grows}, "
            + $"x {NumberText.Digits(step.Factor)}"
            + (arithmetic is null ? "." : $"; the operations grow with {NumberText.Plain(arithmetic.Average)}.")
            + Bound(family, step.To);
    }

    /// <summary>What the roofline says about the configurations of the largest dim.</summary>
    private static string Bound(FamilyFindings family, long dim)
    {
        ConfigurationFindings[] highest =
            [.. family.Configurations.Where(item => item.Key.Dim == dim && item.RooflineShare is not null)];
        if (highest.Length == 0) return "";
        int compute = highest.Count(item => item.IsComputeBound is true);
        string bound = compute == highest.Length ? "compute bounds all" : compute == 0 ? "memory bounds all" : $"compute bounds {compute} of";
        return $" At dim {dim} {bound} {highest.Length} configurations, which reach "
            + $"{NumberText.Percent(highest.Min(item => item.RooflineShare))} to "
            + $"{NumberText.Percent(highest.Max(item => item.RooflineShare))} of the roofline.";
    }
}
