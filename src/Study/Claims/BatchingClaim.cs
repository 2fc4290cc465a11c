namespace Observatory.Study;

/// <summary>
/// Two things are claimed: that larger batches help, and that from some batch size on they no longer do.
/// </summary>
internal static class BatchingClaim
{
    private const string Statement = "Batching helps only up to a point";

    public static Claim Judge(IReadOnlyList<FamilyFindings> families)
    {
        (string Operation, BatchingCurve Curve)[] told =
        [
            .. from family in families
               from curve in family.Batching
               where curve.Shape != BatchingShape.CannotBeTold
               select (family.Operation, curve),
        ];
        if (told.Length == 0)
        {
            return new Claim(
                Statement,
                Verdict.CannotBeTold,
                "No sequence and dim has three batch sizes, enough samples to compare them, and little enough noise.");
        }

        return new Claim(
            Statement,
            Decide([.. told.Select(part => part.Curve.Shape)]),
            Reason(told) + Untold(families.Sum(family => family.Batching.Count) - told.Length));
    }

    private static Verdict Decide(BatchingShape[] shapes)
    {
        if (shapes.All(shape => shape == BatchingShape.Saturates)) return Verdict.Holds;
        return shapes.All(shape => shape == BatchingShape.StillRising) ? Verdict.DoesNotHold : Verdict.HoldsInPart;
    }

    private static string Reason((string Operation, BatchingCurve Curve)[] told) =>
        string.Join(" ", told.GroupBy(part => part.Operation).Select(operation =>
            $"{operation.Key}, {operation.Count()} curves of tokens/s against batch: "
            + string.Join("; ", operation
                .GroupBy(part => part.Curve.Shape)
                .OrderBy(shape => shape.Key)
                .Select(shape => $"{shape.Count()} {Text(shape.Key, shape.First().Curve)}{Enough(shape.Key, [.. shape.Select(part => part.Curve)])}"))
            + $". Tokens per second lost at the worst batch: {Lost([.. operation.Select(part => part.Curve)])}."));

    private static string Lost(BatchingCurve[] curves)
    {
        double[] losses = [.. curves.Select(curve => curve.Points.Max(point => point.Loss))];
        return losses.Length == 1
            ? NumberText.Percent(losses[0])
            : $"{NumberText.Percent(losses.Min())} to {NumberText.Percent(losses.Max())}";
    }

    private static string Untold(int curves) => curves == 0
        ? ""
        : $" Of {curves} more it cannot be told: fewer than three batch sizes, too few independent samples, or too much noise.";

    private static string Text(BatchingShape shape, BatchingCurve curve) => shape switch
    {
        BatchingShape.Flat => $"flat: no batch clearly worse than the best, the point is at batch {curve.Points[0].Batch} or below",
        BatchingShape.Falls => $"fall: batch {curve.Points[0].Batch} is as good as any, and a larger one clearly worse",
        BatchingShape.Saturates => "rise and then stop",
        _ => "still rising at the largest batch size",
    };

    private static string Enough(BatchingShape shape, BatchingCurve[] curves)
    {
        if (shape != BatchingShape.Saturates) return "";
        long least = curves.Min(curve => curve.Enough.Batch), most = curves.Max(curve => curve.Enough.Batch);
        return least == most ? $" (batch {least} is enough)" : $" (batch {least} to {most} is enough)";
    }
}
