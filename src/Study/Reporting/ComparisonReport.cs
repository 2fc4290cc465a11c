using System.Globalization;

namespace Observatory.Study;

/// <summary>A comparison as text.</summary>
public static class ComparisonReport
{
    private static readonly IReadOnlyList<TableColumn<ConfigurationChange>> Columns =
    [
        new("operation", row => row.Before.Key.Operation),
        new("batch", row => NumberText.Whole(row.Before.Key.Batch)),
        new("sequence", row => NumberText.Whole(row.Before.Key.Sequence)),
        new("dim", row => NumberText.Whole(row.Before.Key.Dim)),
        new("n", row => $"{row.Before.Series.Count}, {row.After.Series.Count}"),
        new("worth", row => $"{Worth(row.Before.Series.EffectiveCount)}, {Worth(row.After.Series.EffectiveCount)}"),
        new("median A", row => NumberText.Seconds(row.Before.Median)),
        new("median B", row => NumberText.Seconds(row.After.Median)),
        new("B/A", row => NumberText.Ratio(row.After.Median / row.Before.Median)),
        new("99 % interval", row => row.Ratio?.At(0.99) is { } interval
            ? $"{NumberText.Ratio(interval.Low)} to {NumberText.Ratio(interval.High)}"
            : NumberText.None),
        new("p, corrected", row => row.Probability?.ToString("0.0000", CultureInfo.InvariantCulture) ?? NumberText.None),
        new("B is", row => row.Change.Text()),
    ];

    /// <summary>Markdown.</summary>
    public static string Markdown(StudyComparison comparison) => MarkdownText.Write(
        "Comparison of B with A",
        [
            new Section("Configurations")
            {
                Text = [Summary(comparison), .. Overall(comparison), .. Notes(comparison)],
                Table = Columns.Tabulate(1, comparison.Changes),
            },
        ]);

    private static string Summary(StudyComparison comparison) => string.Join(", ", comparison.Changes
        .GroupBy(change => change.Change)
        .OrderByDescending(changes => changes.Key)
        .Select(changes => $"{changes.Count()} {changes.Key.Text()}"))
        + ". Ratios of medians; a difference is marked where Holm's correction for "
        + $"{comparison.Changes.Count(change => change.Probability is not null)} comparisons leaves at most 1 % for chance.";

    private static IEnumerable<string> Overall(StudyComparison comparison)
    {
        if (comparison.Overall is not { } overall) yield break;
        yield return $"Over all configurations, each weighing the same: B/A {NumberText.Ratio(overall.Ratio)} "
            + $"({NumberText.Ratio(overall.Interval.Low)} to {NumberText.Ratio(overall.Interval.High)}, 95 %, geometric mean).";
    }

    private static IEnumerable<string> Notes(StudyComparison comparison)
    {
        if (comparison.Differences.Count > 0) yield return $"Differs around the runs: {string.Join("; ", comparison.Differences)}.";
        if (comparison.HasSingleVisits)
        {
            yield return "Some configurations were visited once in a run: whether the machine was in another state then "
                + "cannot be told from a change of the program. Several passes can tell.";
        }

        if (comparison.OnlyBefore.Count > 0) yield return $"Only in A: {string.Join(", ", comparison.OnlyBefore)}.";
        if (comparison.OnlyAfter.Count > 0) yield return $"Only in B: {string.Join(", ", comparison.OnlyAfter)}.";
    }

    private static string Worth(double samples) => NumberText.Whole((long)samples);
}
