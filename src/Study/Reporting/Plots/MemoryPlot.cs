namespace Observatory.Study;

/// <summary>Memory that was added against memory by formula; on the line they agree.</summary>
internal static class MemoryPlot
{
    public static IEnumerable<Plot> Of(StudyFindings findings)
    {
        ChartSeries[] families =
        [
            .. findings.Families.Select(family => new ChartSeries(
                family.Operation, [.. family.Configurations.Select(Point).OfType<ChartPoint>()]) { HasLine = false }),
        ];
        double[] predicted = [.. families.SelectMany(series => series.Points).Select(point => point.X)];
        if (predicted.Length == 0) yield break;
        ChartPoint[] equal = [new(predicted.Min(), predicted.Min()), new(predicted.Max(), predicted.Max())];
        yield return ChartSvg.Of(new Chart(
            "Memory: added as measured against predicted",
            ChartAxes.Bytes("predicted by formula"),
            ChartAxes.Bytes("added, measured"),
            [new ChartSeries("equal", equal) { IsReference = true, HasMarks = false }, .. families]))!;
    }

    private static ChartPoint? Point(ConfigurationFindings item) =>
        item is { AddedMemory: { } added, Configuration.PredictedMemoryBytes: { } predicted }
            ? new ChartPoint(predicted, added, Hint: $"{item.Key}: {NumberText.Bytes(added)}, predicted {NumberText.Bytes(predicted)}")
            : null;
}
