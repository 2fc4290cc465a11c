namespace Observatory.Study;

/// <summary>
/// Expensive means that a token costs more in a long sequence than in a short one: latency of attention grows with an
/// exponent above 1. The claim names 32K, so only sequences of that length can make it hold in full.
/// </summary>
internal static class SequenceClaim
{
    private const string Statement = "Long sequences amplify everything; 32K+ tokens are expensive (attention)";
    private const string Attention = "attention";
    private const long Long = 32 * 1024;

    public static Claim Judge(StudyFindings findings)
    {
        FamilyFindings[] attention = [.. findings.Families.Where(IsAttention)];
        (FamilyFindings Family, LocalExponent Step)[] steps = LargestStep.Along(Axis.Sequence, attention);
        if (steps.Length == 0)
        {
            return new Claim(Statement, Verdict.Inconclusive, WithoutAttention(findings, attention.Length == 0))
            {
                Remedy = "sweep attention at two lengths or more: --preset study, or --operation attention --sequences 16384,32768.",
            };
        }

        Disturbance disturbance = findings.Disturbed(steps.SelectMany(part => part.Family.Configurations));
        Verdict verdict = disturbance.IsTooMuch ? Verdict.Inconclusive : Decide([.. steps.Select(part => part.Step)]);
        return new Claim(Statement, verdict, string.Join(" ", steps.Select(part => Reason(part.Family, part.Step))) + (steps[0].Step.To >= Long ? "" : Missing(findings)))
        {
            Remedy = disturbance.IsTooMuch ? ClaimRemedies.Undisturbed(disturbance)
                : verdict is Verdict.Inconclusive or Verdict.HoldsAsFarAsKnown ? "the interval must lie above or below 1.1: sweep more batches or dims, or more passes."
                : verdict == Verdict.HoldsInPart && steps[0].Step.To < Long ? "sweep attention at 32768 tokens: --preset study."
                : null,
        };
    }

    private static bool IsAttention(FamilyFindings family) => family.Operation == Attention;

    private static Verdict Decide(LocalExponent[] steps)
    {
        Verdict verdict = VerdictText.Together(steps.Select(step => ExponentZones.IsMoreThanProportional(step.Mean)));
        return verdict == Verdict.Holds && steps[0].To < Long ? Verdict.HoldsInPart : verdict;
    }

    private static string Reason(FamilyFindings attention, LocalExponent step)
    {
        string grows = step.Mean is { } mean
            ? $"with exponent {NumberText.Exponent(mean)}"
            : $"with exponent {NumberText.Plain(step.Average)}, whose error is not known";
        string memory = attention.Memory.LastStep(Axis.Sequence) is { } added
            ? $", added memory with {NumberText.Plain(added.Average)}"
            : "; the memory added was not measured";
        return $"{attention.Label}: from {step.From} to {step.To} tokens latency grows {grows}{memory}. "
            + PerToken(attention);
    }

    /// <summary>Shortest against longest sequence of the group that spans most.</summary>
    private static string PerToken(FamilyFindings attention)
    {
        ConfigurationFindings[] widest = attention.Configurations
            .Where(findings => findings.Median is not null)
            .GroupBy(findings => Axis.Sequence.Others(findings.Key))
            .Select(group => group.OrderBy(findings => findings.Key.Sequence).ToArray())
            .MaxBy(group => (double)group[^1].Key.Sequence / group[0].Key.Sequence)!;
        (ConfigurationFindings shortest, ConfigurationFindings longest) = (widest[0], widest[^1]);
        return $"A token costs {Cost(longest)} at {longest.Key.Sequence} tokens and {Cost(shortest)} at "
            + $"{shortest.Key.Sequence} (batch {longest.Key.Batch}, dim {longest.Key.Dim}), "
            + $"{NumberText.Digits(longest.Median / longest.Key.Tokens / (shortest.Median / shortest.Key.Tokens) ?? double.NaN)} times as much.";
    }

    private static string Cost(ConfigurationFindings findings) =>
        NumberText.Seconds(findings.Median / findings.Key.Tokens);

    private static string Missing(StudyFindings findings)
    {
        LeftOutConfiguration? left = findings.Results.LeftOut
            .FirstOrDefault(left => left.Operation == Attention && left.Sequence >= Long);
        return left is null
            ? " 32K was not measured."
            : $" 32K was not measured: {left.Key} was left out ({left.Reason}).";
    }

    private static string WithoutAttention(StudyFindings findings, bool absent)
    {
        string why = absent ? "Attention was not measured" : "Attention was measured at one sequence length only";
        string others = string.Join(", ", findings.Families
            .Where(family => !IsAttention(family) && family.Latency.Alone.ContainsKey(Axis.Sequence))
            .Select(family =>
                $"{family.Label} with exponent {NumberText.Exponent(family.Latency.Alone[Axis.Sequence])}"));
        return others.Length == 0 ? why + "." : $"{why}; with the sequence length, latency grows here: {others}.";
    }
}
