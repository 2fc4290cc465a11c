namespace Observatory.Study;

/// <summary>Tokens per second against batch size, a picture for each sequence length.</summary>
internal static class BatchingPlots
{
    public static IReadOnlyList<Plot> DrawAll(StudyFindings findings) =>
    [
        .. (from family in findings.Families
            from curves in family.Batching.GroupBy(curve => curve.Sequence)
            select Draw(family, curves.Key, [.. curves])).OfType<Plot>(),
    ];

    private static Plot? Draw(FamilyFindings family, long sequence, BatchingCurve[] curves) => ChartSvg.Draw(new Chart(
        $"{family.Operation}: tokens/s against batch, sequence {sequence}",
        ChartAxes.Size("batch", curves.SelectMany(curve => curve.Points).Select(point => (double)point.Batch)),
        ChartAxes.Rate("tokens/s"),
        [.. curves.Select(curve => new ChartSeries($"dim {curve.Dim}", [.. curve.Points.Select(Point)]))]));

    private static ChartPoint Point(BatchingPoint point)
    {
        double tokens = point.Findings.Key.Tokens;
        return new ChartPoint(
            point.Batch,
            point.TokensPerSecond,
            tokens / point.Findings.Interval?.High,
            tokens / point.Findings.Interval?.Low,
            $"batch {point.Batch}: {NumberText.Count(point.TokensPerSecond)} tokens/s, {NumberText.Percent(point.Loss)} below the best");
    }
}
