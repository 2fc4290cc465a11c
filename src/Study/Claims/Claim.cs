namespace Observatory.Study;

/// <summary>A statement about the workload and what the results say about it.</summary>
/// <param name="Statement">The claim, as it was made.</param>
/// <param name="Verdict">Whether it holds here.</param>
/// <param name="Reason">The numbers that decide, in a sentence or two; never a number that was not measured.</param>
internal sealed record Claim(string Statement, Verdict Verdict, string Reason);

/// <summary>What the results say about a claim.</summary>
internal enum Verdict
{
    CannotBeTold,
    Holds,
    HoldsInPart,
    DoesNotHold,
}

/// <summary>Verdicts in words.</summary>
internal static class VerdictText
{
    public static string Text(this Verdict verdict) => verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.HoldsInPart => "holds in part",
        Verdict.DoesNotHold => "does not hold",
        _ => "cannot be told",
    };

    /// <summary>Of several parts of a claim; those that cannot be told do not count against the others.</summary>
    public static Verdict Together(IEnumerable<bool?> parts)
    {
        bool?[] all = [.. parts];
        if (all.All(part => part is null)) return Verdict.CannotBeTold;
        if (all.All(part => part is true)) return Verdict.Holds;
        return all.Any(part => part is true) ? Verdict.HoldsInPart : Verdict.DoesNotHold;
    }
}

/// <summary>The four claims that the study was made to check.</summary>
internal static class ClaimsOfTheStudy
{
    public static IReadOnlyList<Claim> Judge(StudyFindings findings) =>
    [
        MemoryClaim.Judge(findings.Families),
        DimensionClaim.Judge(findings.Families),
        BatchingClaim.Judge(findings.Families),
        SequenceClaim.Judge(findings),
    ];
}
