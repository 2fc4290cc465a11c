namespace Observatory.Study;

/// <summary>
/// Two things are claimed: that larger batches help, and that from some batch size on they no longer do.
/// </summary>
internal static class BatchingClaim
{
    private const string Statement = "Batching helps only up to a point";

    public static Claim Judge(StudyFindings findings)
    {
        (FamilyFindings Family, BatchingCurve Curve)[] all =
            [.. from family in findings.Families from curve in family.Batching select (family, curve)];
        (FamilyFindings Family, BatchingCurve Curve)[] known =
            [.. all.Where(part => part.Curve.Shape != BatchingShape.Inconclusive)];
        string reason = known.Length > 0
            ? Reason(known) + Unknown(all.Length - known.Length)
            : "No sequence and dim has three batch sizes whose losses are known to "
                + $"{NumberText.Percent(BatchingPoint.Margin)}." + Sweet(all);
        Verdict verdict = known.Length * 2 < all.Length || known.Length == 0
            ? Verdict.Inconclusive
            : Decide([.. known.Select(part => part.Curve.Shape)], known.Length < all.Length);
        return new Claim(Statement, verdict, reason)
        {
            Remedy = known.Length == all.Length && all.Length > 0 ? null : Remedy(findings, all),
        };
    }

    private static Verdict Decide(BatchingShape[] shapes, bool someAreUnknown)
    {
        if (shapes.All(shape => shape == BatchingShape.Saturates))
        {
            return someAreUnknown ? Verdict.HoldsAsFarAsKnown : Verdict.Holds;
        }

        if (shapes.All(shape => shape == BatchingShape.StillRising)) return Verdict.DoesNotHold;
        return shapes.All(shape => shape is BatchingShape.Flat or BatchingShape.Falls) ? Verdict.NoEffect : Verdict.HoldsInPart;
    }

    private static string? Remedy(StudyFindings findings, (FamilyFindings Family, BatchingCurve Curve)[] all)
    {
        if (findings.Disturbance.IsTooMuch) return ClaimRemedies.Undisturbed(findings.Disturbance);
        if (!all.Any(part => part.Curve.Points.Count > 2)) return "sweep three batch sizes or more, for example --batches 1,4,16,64.";
        return ClaimRemedies.MorePasses(all.SelectMany(part => part.Curve.Points).Select(point => point.Findings))
            ?? "more samples make the intervals narrower: --precision 2 goes on until they are.";
    }

    private static string Reason((FamilyFindings Family, BatchingCurve Curve)[] known) =>
        string.Join(" ", known.GroupBy(part => part.Family.Label).Select(family =>
            $"{family.Key}, {NumberText.Plural(family.Count(), "curve")} of tokens/s against batch: "
            + string.Join("; ", family
                .GroupBy(part => part.Curve.Shape)
                .OrderBy(shape => shape.Key)
                .Select(shape => Text(shape.Key, [.. shape.Select(part => part.Curve)])))
            + $". Largest loss of tokens per second on a curve: {NumberText.Range([.. family.Select(part => part.Curve.Worst.Loss)], value => NumberText.Percent(value))}."));

    private static string Text(BatchingShape shape, BatchingCurve[] curves)
    {
        string first = NumberText.Range([.. curves.Select(curve => curve.Points[0].Batch)], NumberText.Whole);
        return $"{curves.Length} " + shape switch
        {
            BatchingShape.Flat => $"flat (batch {first} loses at most {NumberText.Percent(BatchingPoint.Margin)} against the best)",
            BatchingShape.Falls => $"falling (batch {first} loses at most {NumberText.Percent(BatchingPoint.Margin)}, a larger one more)",
            BatchingShape.Saturates =>
                $"rising and then level (batch {NumberText.Range([.. curves.Select(curve => curve.Enough.Batch)], NumberText.Whole)} is enough)",
            _ => "still rising at the largest batch size",
        };
    }

    private static string Unknown(int curves) => curves == 0
        ? ""
        : $" {NumberText.Plural(curves, "more curve")} {(curves == 1 ? "is" : "are")} inconclusive: fewer than three batch sizes, or losses "
            + $"that are not known to {NumberText.Percent(BatchingPoint.Margin)}.";

    /// <summary>Which batch was best is said also where it is not known what the others lose.</summary>
    private static string Sweet((FamilyFindings Family, BatchingCurve Curve)[] all) => all.Length == 0
        ? ""
        : $" Most tokens per second at the median: batch {NumberText.Range([.. all.Select(part => part.Curve.Best.Batch)], NumberText.Whole)}.";
}
