namespace Observatory.Study;

/// <summary>Latency against each size; configurations that share the other two are joined.</summary>
internal static class LatencyPlots
{
    /// <summary>More lines than this cannot be told apart.</summary>
    private const int MostLines = 8;

    public static IReadOnlyList<Plot> Of(StudyFindings findings) =>
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
                .Select(group => group.OrderBy(findings => axis.Of(findings.Key)).ToArray())
                .Where(group => group.Length > 1),
        ];
        if (groups.Length == 0) return null;
        ConfigurationFindings[][] shown = Spread(groups);
        string some = shown.Length < groups.Length ? $" ({shown.Length} of {groups.Length} lines)" : "";
        return ChartSvg.Of(new Chart(
            $"{family.Operation}: latency against {axis.Name()}{some}",
            ChartAxes.Size(axis.Name(), shown.SelectMany(group => group).Select(findings => (double)axis.Of(findings.Key))),
            ChartAxes.Latency,
            [.. shown.Select(group => new ChartSeries(Name(axis, group[0]), [.. group.Select(item => Point(axis, item))]))]));
    }

    private static ConfigurationFindings[][] Spread(ConfigurationFindings[][] groups) => groups.Length <= MostLines
        ? groups
        : [.. Enumerable.Range(0, MostLines).Select(i => groups[i * (groups.Length - 1) / (MostLines - 1)])];

    private static string Name(Axis axis, ConfigurationFindings findings) => string.Join(", ", Axes.All
        .Where(other => other != axis)
        .Select(other => $"{(other == Axis.Sequence ? "seq" : other.Name())} {other.Of(findings.Key)}"));

    private static ChartPoint Point(Axis axis, ConfigurationFindings item) => new(
        axis.Of(item.Key),
        item.Median!.Value,
        item.Interval?.Low,
        item.Interval?.High,
        $"{item.Key}: {NumberText.Seconds(item.Median)}");
}
