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

    /// <summary>Latency against the number of threads; configurations of the same sizes are joined.</summary>
    public static IReadOnlyList<Plot> DrawThreads(StudyFindings findings) =>
    [
        .. (from configuration in findings.Configurations
            where configuration.Median is not null
            group configuration by (configuration.Key.Operation, configuration.Key.Dtype) into family
            let lines = family
                .GroupBy(item => (item.Key.Batch, item.Key.Sequence, item.Key.Dim))
                .Select(line => line.OrderBy(item => item.Key.Threads).ToArray())
                .Where(line => line.Length > 1)
                .ToArray()
            where lines.Length > 0
            select ChartSvg.Draw(new Chart(
                $"{family.Key.Operation}, {family.Key.Dtype}: latency against threads",
                ChartAxes.Size("threads", lines.SelectMany(line => line).Select(item => (double)item.Key.Threads)),
                ChartAxes.Latency,
                [
                    .. Spread(lines).Select(line => new ChartSeries(
                        $"batch {line[0].Key.Batch}, seq {line[0].Key.Sequence}, dim {line[0].Key.Dim}",
                        [.. line.Select(item => new ChartPoint(item.Key.Threads, item.Median!.Value, item.Interval?.Low, item.Interval?.High))])),
                ]))).OfType<Plot>(),
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
            $"{family.Label}: latency against {axis.Name()}{some}",
            ChartAxes.Size(axis.Name(), shown.SelectMany(group => group).Select(findings => (double)axis.SizeOf(findings.Key))),
            ChartAxes.Latency,
            [.. shown.Select(group => new ChartSeries(Name(axis, group[0]), [.. group.Select(item => Point(axis, item))]))]));
    }

    public static ConfigurationFindings[][] Spread(ConfigurationFindings[][] groups) => groups.Length <= MostLines
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
                family.Label, [.. family.Configurations.Select(Point).OfType<ChartPoint>()]) { HasLine = false }),
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
