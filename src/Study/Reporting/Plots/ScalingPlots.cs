namespace Observatory.Study;

/// <summary>Latency against each size; configurations that share the other two are joined.</summary>
internal static class LatencyPlots
{
    /// <summary>More lines than this cannot be told apart.</summary>
    private const int MostLines = 8;

    public static IReadOnlyList<Plot> DrawAll(StudyFindings findings) =>
    [
        .. (from family in findings.Families
            from axis in Axes.All
            select Draw(family, axis)).OfType<Plot>(),
    ];

    private static Plot? Draw(FamilyFindings family, Axis axis)
    {
        ConfigurationFindings[][] groups =
        [
            .. family.Configurations
                .Where(findings => findings.Median is not null)
                .GroupBy(findings => axis.Others(findings.Key))
                .Select(group => group.OrderBy(findings => axis.SizeOf(findings.Key)).ToArray())
                .Where(group => group.Length > 1),
        ];
        if (groups.Length == 0) return null;
        ConfigurationFindings[][] shown = Spread(groups);
        string some = shown.Length < groups.Length ? $" ({shown.Length} of {groups.Length} lines)" : "";
        return ChartSvg.Draw(new Chart(
            $"{family.Operation}: latency against {axis.Name()}{some}",
            ChartAxes.Size(axis.Name(), shown.SelectMany(group => group).Select(findings => (double)axis.SizeOf(findings.Key))),
            ChartAxes.Latency,
            [.. shown.Select(group => new ChartSeries(Name(axis, group[0]), [.. group.Select(item => Point(axis, item))]))]));
    }

    private static ConfigurationFindings[][] Spread(ConfigurationFindings[][] groups) => groups.Length <= MostLines
        ? groups
        : [.. Enumerable.Range(0, MostLines).Select(i => groups[i * (groups.Length - 1) / (MostLines - 1)])];

    private static string Name(Axis axis, ConfigurationFindings findings) => string.Join(", ", Axes.All
        .Where(other => other != axis)
        .Select(other => $"{(other == Axis.Sequence ? "seq" : other.Name())} {other.SizeOf(findings.Key)}"));

    private static ChartPoint Point(Axis axis, ConfigurationFindings item) => new(
        axis.SizeOf(item.Key),
        item.Median!.Value,
        item.Interval?.Low,
        item.Interval?.High,
        $"{item.Key}: {NumberText.Seconds(item.Median)}");
}

/// <summary>Memory that was added against memory by formula; on the line they agree.</summary>
internal static class MemoryPlot
{
    public static IEnumerable<Plot> DrawAll(StudyFindings findings)
    {
        ChartSeries[] families =
        [
            .. findings.Families.Select(family => new ChartSeries(
                family.Operation, [.. family.Configurations.Select(Point).OfType<ChartPoint>()]) { HasLine = false }),
        ];
        double[] predicted = [.. families.SelectMany(series => series.Points).Select(point => point.X)];
        if (predicted.Length == 0) yield break;
        ChartPoint[] equal = [new(predicted.Min(), predicted.Min()), new(predicted.Max(), predicted.Max())];
        yield return ChartSvg.Draw(new Chart(
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
