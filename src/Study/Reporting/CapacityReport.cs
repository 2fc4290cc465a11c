using System.Globalization;

namespace Observatory.Study;

/// <summary>What a machine can serve within a latency target, as text.</summary>
public static class CapacityReport
{
    /// <summary>Markdown.</summary>
    public static string Markdown(StudyFindings findings, CapacityTarget target, int? width = null) =>
        MarkdownText.Write("Capacity", Sections(findings, target), width);

    /// <summary>The same as a page.</summary>
    public static string Html(StudyFindings findings, CapacityTarget target) =>
        HtmlText.Write("Capacity", findings.Results, Sections(findings, target));

    private static IReadOnlyList<Section> Sections(StudyFindings findings, CapacityTarget target)
    {
        IReadOnlyList<CapacityLimit> limits = CapacityLimit.FindAll(findings.Families, target);
        return
        [
            new Section($"p95 of at most {NumberText.Seconds(target.Latency.TotalSeconds)}")
            {
                Text = [.. MachineSection.Warnings(findings), Method(target), .. limits.GroupBy(limit => (limit.Family, limit.Dim)).Select(Answer)],
                Table = Columns(target).Tabulate(1, limits),
            },
            .. CostSection.Create(findings, target.PricePerHour),
            MachineSection.Create(findings.Results),
        ];
    }

    private static string Method(CapacityTarget target) =>
        "Largest batch measured whose p95 is known to keep the target, each smaller one too: an upper confidence bound of p95 (95 %) is "
        + $"compared, which needs an effective sample size of {UpperBound.LeastForP95}. Tokens per second are over all time of the iterations, one after the other"
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
        new("operation", row => row.Family.Label),
        new("dim", row => NumberText.Whole(row.Dim)),
        new("sequence", row => NumberText.Whole(row.Sequence)),
        new("largest batch", row => row.Largest is { } largest ? NumberText.Whole(largest.Key.Batch) : "none"),
        new("p95", row => NumberText.Seconds(row.Largest?.P95)),
        new("p95 at most", row => NumberText.Seconds(row.Largest?.P95Bound)),
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
        { DisturbedShare: > Disturbance.Threshold } next =>
            $"{next.Key.Batch}: {NumberText.Percent(next.DisturbedShare)} of its samples disturbed",
        { P95Bound: { } bound } next => $"{next.Key.Batch}: p95 up to {NumberText.Seconds(bound)}",
        { } next => $"{next.Key.Batch}: {Missing(next)}",
    };

    /// <summary>Which number of samples is missing, and the option that brings it.</summary>
    private static string Missing(ConfigurationFindings next)
    {
        int visits = next.Series.Visits.Count, effective = next.Series.IntervalCount;
        int passes = effective == 0
            ? Math.Max(SampleSeries.LeastVisits * 2, (int)Math.Ceiling((double)UpperBound.LeastForP95 * visits / Math.Max(1, next.Series.Count)))
            : (int)Math.Ceiling(1.1 * UpperBound.LeastForP95 * visits / effective);
        return (next.Series.HasVisits
            ? $"effective n {effective} of {UpperBound.LeastForP95}"
            : $"{NumberText.Plural(visits, "visit")} of {SampleSeries.LeastVisits}") + $", try --passes {passes}";
    }
}
