using System.Globalization;

namespace Observatory.Study;

/// <summary>A comparison as text.</summary>
public static class ComparisonReport
{
    private static readonly IReadOnlyList<TableColumn<ConfigurationChange>> Columns =
    [
        new("n", row => $"{row.Before.Series.Count}, {row.After.Series.Count}"),
        new("effective n", row => $"{Count(row.Before.Series.EffectiveCount)}, {Count(row.After.Series.EffectiveCount)}"),
        new("median A", row => NumberText.Seconds(row.Before.Median)),
        new("median B", row => NumberText.Seconds(row.After.Median)),
        new("B/A", row => NumberText.Ratio(row.After.Median / row.Before.Median)),
        new("95 % interval", row => row.Interval is { } interval
            ? $"{NumberText.Ratio(interval.Low)} to {NumberText.Ratio(interval.High)}"
            : NumberText.None),
        new("p, corrected", row => row.Probability?.ToString("0.0000", CultureInfo.InvariantCulture) ?? NumberText.None),
        new("B is", row => row.Change.Text()),
    ];

    /// <summary>Markdown.</summary>
    /// <param name="comparison">What is compared.</param>
    /// <param name="width">Columns of the terminal that it is written to; null: as wide as its tables are.</param>
    public static string Markdown(StudyComparison comparison, int? width = null) =>
        MarkdownText.Write("Comparison of B with A", [Section(comparison)], width);

    /// <summary>Several comparisons of one run with itself.</summary>
    public static string Markdown(IEnumerable<StudyComparison> comparisons, int? width = null) =>
        MarkdownText.Write("Comparison across threads", comparisons.Select(Section), width);

    /// <summary>What a gate found, in a line: differences are not all that decides, what is unknown belongs to it.</summary>
    public static string Gate(IReadOnlyCollection<StudyComparison> comparisons) =>
        $"{comparisons.Sum(one => one.SlowerCount)} of {comparisons.Sum(one => one.ConfigurationCount)} configurations are slower; "
        + $"{comparisons.Sum(one => one.InconclusiveCount)} are inconclusive at a margin of {NumberText.Percent(comparisons.First().Margin)}.";

    private static Section Section(StudyComparison comparison)
    {
        var keys = KeyColumns.For(comparison.Changes.Select(change => change.Before.Key));
        return new Section(comparison.Title ?? "Configurations")
        {
            Text = [Summary(comparison), .. Disturbed(comparison), .. Overall(comparison), .. Notes(comparison)],
            Table = keys.All<ConfigurationChange>(row => row.Before.Key).Concat(Columns).ToArray()
                .Tabulate(keys.Names, comparison.Changes),
        };
    }

    private static string Summary(StudyComparison comparison) => string.Join(", ", comparison.Changes
        .GroupBy(change => change.Change)
        .OrderByDescending(changes => changes.Key)
        .Select(changes => $"{changes.Count()} {changes.Key.Text()}"))
        + $". Ratios of medians. No difference: the 95 % interval lies within a margin of {NumberText.Percent(comparison.Margin)}. Faster or "
        + $"slower: it does not, and Holm's correction for {NumberText.Plural(comparison.Changes.Count(change => change.Probability is not null), "comparison")} "
        + "leaves at most 1 % for chance. Inconclusive: neither.";

    private static IEnumerable<string> Disturbed(StudyComparison comparison)
    {
        int disturbed = comparison.Changes.Count(change => change.IsDisturbed);
        if (disturbed == 0) yield break;
        double most = comparison.Changes.Max(change => Math.Max(change.Before.DisturbedShare ?? 0, change.After.DisturbedShare ?? 0));
        yield return $"{NumberText.Plural(disturbed, "configuration")} had more than {NumberText.Percent(Disturbance.Threshold)} of the samples of "
            + $"a run disturbed (up to {NumberText.Percent(most)}) and {(disturbed == 1 ? "is" : "are")} inconclusive for that: stop what else runs on the machine and sweep again.";
    }

    private static IEnumerable<string> Overall(StudyComparison comparison)
    {
        if (comparison.Overall is not { } overall) yield break;
        yield return $"Over all configurations, each with the same weight: B/A {NumberText.Ratio(overall.Ratio)} "
            + $"({NumberText.Ratio(overall.Interval.Low)} to {NumberText.Ratio(overall.Interval.High)}, 95 %, geometric mean, by how much passes "
            + "differ). A state of the machine that lasts a whole run is not in the interval: repeat both runs, alternating.";
    }

    private static IEnumerable<string> Notes(StudyComparison comparison)
    {
        if (comparison.Differences.Count > 0) yield return $"Differs around the runs: {string.Join("; ", comparison.Differences)}.";
        int steps = comparison.Changes.Count(change => change.MayBeStep);
        if (steps > 0)
        {
            yield return $"The machine stepped between two speeds that last, and {NumberText.Plural(steps, "ratio")} may be that step: inconclusive. Fix the "
                + "frequency (governor performance), or measure more passes over a longer time.";
        }

        if (comparison.RarelyVisited > 0)
        {
            int least = comparison.Changes.Min(change => Math.Min(change.Before.Series.Visits.Count, change.After.Series.Visits.Count));
            yield return $"{NumberText.Plural(comparison.RarelyVisited, "configuration")} had fewer than {SampleSeries.LeastVisits} visits in a run "
                + $"(at least {least}), so how visits differ is not known, and no interval is given: sweep both with --passes {2 * SampleSeries.LeastVisits} or more.";
        }
        else if (comparison.InconclusiveCount > 0)
        {
            yield return "More passes narrow the intervals of what is inconclusive: four times the passes, half the width.";
        }

        if (comparison.OnlyBefore.Count > 0) yield return $"Only in A: {string.Join(", ", comparison.OnlyBefore)}.";
        if (comparison.OnlyAfter.Count > 0) yield return $"Only in B: {string.Join(", ", comparison.OnlyAfter)}.";
    }

    private static string Count(double samples) => NumberText.Whole((long)samples);
}
