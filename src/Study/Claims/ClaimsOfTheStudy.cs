namespace Observatory.Study;

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
