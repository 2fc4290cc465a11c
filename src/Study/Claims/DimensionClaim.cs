namespace Observatory.Study;

/// <summary>
/// At the largest step of dim the exponent of the latency is 1 when latency is proportional to it. Operations that were
/// measured at the largest dim decide; whether the exponent is more than the arithmetic asks for is said beside it, and
/// what bounds the configurations there.
/// </summary>
internal static class DimensionClaim
{
    private const string Statement = "Latency grows non-linearly at high dimensions";

    public static Claim Judge(StudyFindings findings)
    {
        (FamilyFindings Family, LocalExponent Step)[] steps = LargestStep.Along(Axis.Dim, findings.Families);
        if (steps.Length == 0)
        {
            return new Claim(Statement, Verdict.Inconclusive, "No two configurations differ in dim alone.")
            {
                Remedy = "sweep two dims or more, for example --dims 512,1024.",
            };
        }

        Verdict verdict = VerdictText.Together(steps.Select(part => ExponentZones.IsMoreThanProportional(part.Step.Mean)));
        Disturbance disturbance = findings.Disturbed(steps.SelectMany(part => part.Family.Configurations));
        string reason = string.Join(" ", steps.Select(part => Reason(part.Family, part.Step)));
        return disturbance.IsTooMuch
            ? new Claim(Statement, Verdict.Inconclusive, reason) { Remedy = ClaimRemedies.Undisturbed(disturbance) }
            : new Claim(Statement, verdict, reason)
            {
                Remedy = verdict is Verdict.Inconclusive or Verdict.HoldsAsFarAsKnown
                    ? "the interval must lie above or below 1.1: more batches or sequences give more pairs, more passes narrower ones."
                    : null,
            };
    }

    private static string Reason(FamilyFindings family, LocalExponent step)
    {
        LocalExponent? arithmetic = family.Operations.LastStep(Axis.Dim);
        string grows = step.Mean is { } mean
            ? $"with exponent {NumberText.Exponent(mean)}"
            : $"with exponent {NumberText.Plain(step.Average)}, whose error is not known";
        return $"{family.Label}: from dim {step.From} to {step.To} latency grows {grows}, "
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
        return $" At dim {dim} {bound} {NumberText.Plural(highest.Length, "configuration")}, which "
            + $"{(highest.Length == 1 ? "reaches" : "reach")} "
            + $"{NumberText.Range([.. highest.Select(item => item.RooflineShare!.Value)], value => NumberText.Percent(value))} of the roofline.";
    }
}
