namespace Observatory.Study;

/// <summary>A statement about the workload and what the results say about it.</summary>
/// <param name="Statement">The claim, as it was made.</param>
/// <param name="Verdict">Whether it holds here.</param>
/// <param name="Reason">The numbers that decide, in a sentence or two; never a number that was not measured.</param>
internal sealed record Claim(string Statement, Verdict Verdict, string Reason)
{
    /// <summary>What would answer it, where this run does not or not wholly; null where it does.</summary>
    public string? Remedy { get; init; }
}

/// <summary>What the results say about a claim.</summary>
internal enum Verdict
{
    Inconclusive,
    Holds,

    /// <summary>Every part that is known holds, and some are not known.</summary>
    HoldsAsFarAsKnown,

    /// <summary>Some parts hold and others do not.</summary>
    HoldsInPart,

    /// <summary>What the claim says to end does not begin: at the sizes measured there is no effect.</summary>
    NoEffect,
    DoesNotHold,
}

/// <summary>Verdicts in words.</summary>
internal static class VerdictText
{
    public static string Text(this Verdict verdict) => verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.HoldsAsFarAsKnown => "holds as far as known",
        Verdict.HoldsInPart => "holds in part",
        Verdict.NoEffect => "no help at the sizes measured",
        Verdict.DoesNotHold => "does not hold",
        _ => "inconclusive",
    };

    /// <summary>Of several parts of a claim, null for those that are not known: they are not taken for either.</summary>
    public static Verdict Together(IEnumerable<bool?> parts)
    {
        bool?[] all = [.. parts];
        if (all.All(part => part is null)) return Verdict.Inconclusive;
        if (all.All(part => part is true)) return Verdict.Holds;
        if (!all.Any(part => part is true)) return Verdict.DoesNotHold;
        return all.Any(part => part is false) ? Verdict.HoldsInPart : Verdict.HoldsAsFarAsKnown;
    }
}

/// <summary>
/// When an exponent is more than proportional. Between the two zones lies one in which neither is said: there an interval
/// of the same truth would sometimes say the one and sometimes the other.
/// </summary>
internal static class ExponentZones
{
    /// <summary>Up to here growth counts as proportional.</summary>
    public const double Proportional = 1.1;

    /// <summary>True: above proportional; false: not; null: not known.</summary>
    public static bool? IsMoreThanProportional(Exponent? exponent) => exponent?.Interval switch
    {
        { Low: > Proportional } => true,
        { High: <= Proportional } => false,
        _ => null,
    };
}

/// <summary>The step to the largest size that was measured, which says most about what lies beyond.</summary>
internal static class LargestStep
{
    /// <summary>Of each family that goes that far along an axis its last step; none where no family has two sizes.</summary>
    public static (FamilyFindings Family, LocalExponent Step)[] Along(Axis axis, IReadOnlyList<FamilyFindings> families)
    {
        (FamilyFindings Family, LocalExponent Step)[] steps =
        [
            .. from family in families
               let step = family.Latency.LastStep(axis)
               where step is not null
               select (family, step),
        ];
        long largest = steps.Select(part => part.Step.To).DefaultIfEmpty().Max();
        return [.. steps.Where(part => part.Step.To == largest)];
    }
}

/// <summary>What to do where a run cannot answer.</summary>
internal static class ClaimRemedies
{
    public static string Undisturbed(Disturbance disturbance) =>
        $"{NumberText.Percent(disturbance.Share)} of the samples were disturbed, and latencies decide nothing above "
        + $"{NumberText.Percent(Disturbance.Threshold)}: stop what else runs on the machine, or give it fewer threads than CPUs, and sweep again. "
        + "Run it under the collector, which names the processes that preempted it.";

    public static string MorePasses(int visits) =>
        $"how visits differ is known from {SampleSeries.LeastVisits} on, this run has {visits}: sweep with --passes {2 * SampleSeries.LeastVisits}, or --preset study.";

    /// <summary>Null where every configuration was visited often enough.</summary>
    public static string? MorePasses(IEnumerable<ConfigurationFindings> configurations) =>
        configurations.Where(item => item.Series.Count > 0 && !item.Series.HasVisits).Select(item => (int?)item.Series.Visits.Count).Min() is { } visits
            ? MorePasses(visits)
            : null;
}

/// <summary>The four claims that the study was made to check.</summary>
internal static class ClaimsOfTheStudy
{
    public static IReadOnlyList<Claim> Judge(StudyFindings findings) =>
    [
        MemoryClaim.Judge(findings.Families),
        DimensionClaim.Judge(findings),
        BatchingClaim.Judge(findings),
        SequenceClaim.Judge(findings),
    ];
}
