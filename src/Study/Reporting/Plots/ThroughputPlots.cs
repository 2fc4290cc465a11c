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
        $"{family.Label}: tokens/s against batch, sequence {sequence}",
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

/// <summary>
/// Tokens per second against latency, which is what a batch is chosen by: to the right and up along a line batches become
/// larger, and where it turns flat more latency buys nothing.
/// </summary>
internal static class ThroughputPlot
{
    public static IReadOnlyList<Plot> DrawAll(StudyFindings findings) =>
        [.. findings.Families.Select(Draw).OfType<Plot>()];

    private static Plot? Draw(FamilyFindings family)
    {
        ConfigurationFindings[][] lines =
        [
            .. family.Batching.Select(curve => curve.Points.Select(point => point.Findings).ToArray()),
        ];
        ConfigurationFindings[][] shown = LatencyPlots.Spread(lines);
        string some = shown.Length < lines.Length ? $" ({shown.Length} of {lines.Length} lines)" : "";
        return ChartSvg.Draw(new Chart(
            $"{family.Label}: tokens/s against latency{some}",
            ChartAxes.Latency with { Label = "median latency; numbers: batch" },
            ChartAxes.Rate("tokens/s"),
            [.. shown.Select(line => new ChartSeries($"seq {line[0].Key.Sequence}, dim {line[0].Key.Dim}", [.. line.Select(Point)]))]));
    }

    private static ChartPoint Point(ConfigurationFindings item) => new(
        item.Median!.Value,
        item.TokensPerSecond!.Value,
        Hint: $"{item.Key}: {NumberText.Seconds(item.Median)}, {NumberText.Count(item.TokensPerSecond)} tokens/s",
        Label: NumberText.Whole(item.Key.Batch));
}
