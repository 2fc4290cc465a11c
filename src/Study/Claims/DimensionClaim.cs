using Observatory.Study.Reporting;
using Observatory.Study.Scaling;

namespace Observatory.Study.Claims;

/// <summary>
/// At the largest step of dim the exponent of the latency is 1 when latency is proportional to it. Whether that is more
/// than the arithmetic asks for is said beside it.
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
            + (arithmetic is null ? "." : $"; the operations grow with {NumberText.Plain(arithmetic.Average)}.");
    }
}
