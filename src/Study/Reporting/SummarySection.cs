namespace Observatory.Study;

/// <summary>What a reader looks for first: whether the run can be trusted, the verdicts, and the best batch and threads.</summary>
internal static class SummarySection
{
    private sealed record Best(ConfigurationFindings Fastest, ConfigurationFindings Most, bool IsFastestClear, bool IsMostClear);

    public static Section Create(StudyFindings findings)
    {
        var keys = KeyColumns.For(findings.Configurations.Select(item => item.Key));
        IReadOnlyList<TableColumn<Best>> columns =
        [
            .. (keys with { HasThreads = false }).Family<Best>(row => row.Most.Key),
            new("sequence", row => NumberText.Whole(row.Most.Key.Sequence)),
            new("dim", row => NumberText.Whole(row.Most.Key.Dim)),
            new("most tokens/s", row => NumberText.Count(row.Most.TokensPerSecond)),
            new("95 % interval", row => Rate(row.Most)),
            new("at", row => Where(row.Most, keys) + (row.IsMostClear ? "" : " ~")),
            new("lowest latency", row => NumberText.Seconds(row.Fastest.Median)),
            new("its 95 % interval", row => NumberText.Seconds(row.Fastest.Interval)),
            new("reached at", row => Where(row.Fastest, keys) + (row.IsFastestClear ? "" : " ~")),
        ];
        return new Section("Summary")
        {
            Text = [.. MachineSection.Warnings(findings), Verdicts(findings), "The sweet spots: which batch" + (keys.HasThreads ? " and threads give" : " gives")
                + " the most tokens per second and the lowest latency. ~ another may be as good: no clear difference (95 %) from the next best."],
            Table = columns.Tabulate(keys.HasDtypes ? 2 : 1, Find(findings)),
        };
    }

    private static string Verdicts(StudyFindings findings)
    {
        string verdicts = string.Join("; ", findings.Claims.Select(claim => $"{claim.Statement}: {claim.Verdict.Text()}"));
        return findings.Claims.All(claim => claim.Verdict == Verdict.Inconclusive)
            ? $"{verdicts}. This run answers none of the claims; --preset study answers all four."
            : verdicts + ".";
    }

    private static IEnumerable<Best> Find(StudyFindings findings) =>
        from configuration in findings.Configurations
        where configuration.Median is not null
        group configuration by (configuration.Key.Operation, configuration.Key.Dtype, configuration.Key.Sequence, configuration.Key.Dim) into point
        where point.Skip(1).Any()
        let fastest = point.OrderBy(item => item.Median).Take(2).ToArray()
        let most = point.OrderByDescending(item => item.TokensPerSecond).Take(2).ToArray()
        select new Best(fastest[0], most[0], IsClear(fastest, 1), IsClear(most, most[0].Key.Tokens / most[1].Key.Tokens));

    /// <summary>The second is known to be worse. Disturbed samples know nothing.</summary>
    private static bool IsClear(ConfigurationFindings[] best, double scale) =>
        best.All(item => !(item.DisturbedShare > Disturbance.Threshold))
        && MedianRatio.Between(best[0].Series, best[1].Series) is { } ratio
        && ratio.At(0.95).Low * scale > 1;

    private static string Rate(ConfigurationFindings item) => item.Interval is { } interval
        ? $"{NumberText.Count(item.Key.Tokens / interval.High)} to {NumberText.Count(item.Key.Tokens / interval.Low)}"
        : NumberText.None;

    private static string Where(ConfigurationFindings item, KeyColumns keys) =>
        $"batch {item.Key.Batch}" + (keys.HasThreads ? $", {NumberText.Plural(item.Key.Threads, "thread")}" : "");
}

/// <summary>What more threads bring, where a run has several numbers of them.</summary>
internal static class ThreadsSection
{
    private sealed record ThreadsRow(ConfigurationChange Change)
    {
        public double? Speedup => Change.Before.Median / Change.After.Median;

        public double? Efficiency => Speedup * Change.Before.Key.Threads / Change.After.Key.Threads;
    }

    public static IEnumerable<Section> Create(StudyFindings findings)
    {
        int[] threads = [.. findings.Configurations.Select(item => item.Key.Threads).Distinct().Order()];
        if (threads.Length < 2) yield break;
        ThreadsRow[] rows =
        [
            .. StudyComparison.AcrossThreads(findings).SelectMany(comparison => comparison.Changes).Select(change => new ThreadsRow(change)),
        ];
        var keys = KeyColumns.For(findings.Configurations.Select(item => item.Key));
        yield return new Section("Threads")
        {
            Text =
            [
                $"Against {NumberText.Plural(threads[0], "thread")}. Speedup: how many times as fast, with the 95 % interval. Efficiency: speedup over "
                + "how many times as many threads.",
            ],
            Table = keys.All<ThreadsRow>(row => row.Change.After.Key).Concat(
            [
                new TableColumn<ThreadsRow>("median", row => NumberText.Seconds(row.Change.After.Median)),
                new("speedup", row => NumberText.Ratio(row.Speedup)),
                new("95 % interval", row => row.Change.Interval is { } interval
                    ? $"{NumberText.Ratio(1 / interval.High)} to {NumberText.Ratio(1 / interval.Low)}"
                    : NumberText.None),
                new("efficiency", row => NumberText.Percent(row.Efficiency)),
                new("more threads are", row => row.Change.Change.Text()),
            ]).ToArray().Tabulate(keys.Names, rows),
            Plots = LatencyPlots.DrawThreads(findings),
        };
    }
}
