using System.Globalization;

namespace Observatory.Study;

/// <summary>What a machine can serve within a latency target, as text.</summary>
public static class CapacityReport
{
    /// <summary>Markdown.</summary>
    public static string Markdown(StudyFindings findings, CapacityTarget target) =>
        MarkdownText.Write("Capacity", Sections(findings, target));

    /// <summary>The same as a page.</summary>
    public static string Html(StudyFindings findings, CapacityTarget target) =>
        HtmlText.Write("Capacity", Sections(findings, target));

    private static IReadOnlyList<Section> Sections(StudyFindings findings, CapacityTarget target)
    {
        IReadOnlyList<CapacityLimit> limits = CapacityLimit.FindAll(findings.Families, target);
        return
        [
            new Section($"p95 of at most {NumberText.Seconds(target.Latency.TotalSeconds)}")
            {
                Text = [Method(target), .. limits.GroupBy(limit => (limit.Family, limit.Dim)).Select(Answer)],
                Table = Columns(target).Tabulate(1, limits),
            },
            MachineSection.Create(findings.Results),
        ];
    }

    private static string Method(CapacityTarget target) =>
        $"Largest batch measured whose p95 keeps the target, each smaller one too; p95 needs {ConfigurationFindings.LeastForP95} "
        + "samples. Tokens per second are over all time of the iterations, one after the other"
        + (target.PricePerHour is { } price
            ? $"; at {price.ToString(CultureInfo.InvariantCulture)} an hour."
            : "; give a price per hour to see costs.");

    private static string Answer(IGrouping<(FamilyFindings Family, long Dim), CapacityLimit> limits)
    {
        string name = $"{limits.Key.Family.Name}, dim {limits.Key.Dim}";
        CapacityLimit[] kept = [.. limits.Where(limit => limit.Largest is not null)];
        if (kept.Length == 0) return $"{name}: no batch and sequence measured is known to keep the target.";
        CapacityLimit batch = kept.OrderByDescending(limit => limit.Largest!.Key.Batch).ThenByDescending(limit => limit.Sequence).First();
        CapacityLimit sequence = kept.OrderByDescending(limit => limit.Sequence).ThenByDescending(limit => limit.Largest!.Key.Batch).First();
        return $"{name}: the largest batch is {batch.Largest!.Key.Batch} (at {batch.Sequence} tokens), the longest sequence "
            + $"{sequence.Sequence} (at batch {sequence.Largest!.Key.Batch} and below).";
    }

    private static IReadOnlyList<TableColumn<CapacityLimit>> Columns(CapacityTarget target) =>
    [
        new("operation", row => row.Family.Operation),
        new("dim", row => NumberText.Whole(row.Dim)),
        new("sequence", row => NumberText.Whole(row.Sequence)),
        new("largest batch", row => row.Largest is { } largest ? NumberText.Whole(largest.Key.Batch) : "none"),
        new("p95", row => NumberText.Seconds(row.Largest?.P95)),
        new("tokens/s", row => NumberText.Count(row.TokensPerSecond)),
        new("peak memory", row => NumberText.Bytes(row.Largest?.Configuration.PeakMemoryBytes)),
        new("predicted", row => NumberText.Bytes(row.Largest?.Configuration.PredictedMemoryBytes)),
        new("per million tokens", row => row.CostPerMillionTokens(target.PricePerHour) is { } cost
            ? NumberText.Significant(cost)
            : NumberText.None),
        new("next larger", Next),
    ];

    private static string Next(CapacityLimit row) => row.Next switch
    {
        null => "not measured",
        { P95: { } p95 } next => $"{next.Key.Batch}: p95 {NumberText.Seconds(p95)}",
        { } next => $"{next.Key.Batch}: {next.Series.Count} of {ConfigurationFindings.LeastForP95} samples",
    };
}
