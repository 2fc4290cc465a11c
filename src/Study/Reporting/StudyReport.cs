namespace Observatory.Study;

/// <summary>What a run says, as text.</summary>
public static class StudyReport
{
    private const string Title = "What the study says";

    /// <summary>Markdown without pictures.</summary>
    /// <param name="findings">What it says.</param>
    /// <param name="width">Columns of the terminal that it is written to; null: as wide as its tables are.</param>
    /// <param name="pricePerHour">Of the machine, for the cost of tokens; null: it is not of interest.</param>
    public static string Markdown(StudyFindings findings, int? width = null, double? pricePerHour = null) =>
        MarkdownText.Write(Title, ReportSections.Create(findings, pricePerHour), width);

    /// <summary>A self-contained page: style and pictures are in it.</summary>
    public static string Html(StudyFindings findings, double? pricePerHour = null) =>
        HtmlText.Write(Title, findings.Results, ReportSections.Create(findings, pricePerHour));

    /// <summary>The pictures of the page.</summary>
    public static IEnumerable<Plot> PlotsOf(StudyFindings findings) =>
        ReportSections.Create(findings).SelectMany(section => section.Plots);

    /// <summary>A line for each sample, in base units.</summary>
    public static string SamplesCsv(StudyFindings findings) => SamplesCsvText.Write(findings);

    /// <summary>A line for each configuration, in base units; what was not measured is empty.</summary>
    public static string Csv(StudyFindings findings) => CsvText.Write(findings);
}

/// <summary>The sections of a report, the answers first.</summary>
internal static class ReportSections
{
    /// <summary>A section whose table has nothing in it says nothing.</summary>
    public static IReadOnlyList<Section> Create(StudyFindings findings, double? pricePerHour = null) =>
        [.. All(findings, pricePerHour).Where(section => section.Table is not { Rows.Count: 0 } || section.Text.Count > 1)];

    private static Section[] All(StudyFindings findings, double? pricePerHour) =>
    [
        SummarySection.Create(findings),
        new Section("Claims") { Table = ClaimsTable(findings.Claims) },
        .. AccountsSections.Create(findings.Accounts),
        MachineSection.Create(findings.Results),
        new Section("Configurations")
        {
            Text =
            [
                $"n: samples. Intervals of the median (95 %) are distribution-free and need {SampleSeries.LeastVisits} visits; p95 needs 20 samples, p99 100. GFLOP/s and tokens/s "
                + "are over the median. Memory added: most resident memory minus that before the tensors were made.",
                .. Known(findings),
                .. NotReached(findings),
                .. MissingSamples.Of(findings.Configurations.Select(item => (item.Series.Visits.Count, item.Series.Count))),
            ],
            Table = ConfigurationTable.Create(findings.Configurations),
            Plots = [.. LatencyPlots.DrawAll(findings), .. MemoryPlot.DrawAll(findings)],
        },
        new Section("Roofline and caches")
        {
            Text =
            [
                "The roof is the smaller of peak and operations per byte times memory bandwidth. Peak: the highest of matrix "
                + "product, fused multiply-adds, and what a configuration reached. A share above 100 % means that bytes came "
                + "from a cache, faster than memory. L1d and L2 count once per thread; on a virtual machine L3 may be shared "
                + "with others.",
            ],
            Table = RooflineTable.Create(findings),
            Plots = [.. RooflinePlot.DrawAll(findings), .. WorkingSetPlot.DrawAll(findings)],
        },
        .. LeftOut(findings.Results.LeftOut),
        .. ThreadsSection.Create(findings),
        .. CostSection.Create(findings, pricePerHour),
        new Section("Scaling")
        {
            Text =
            [
                "Exponents of power laws with 95 % intervals, of the sizes measured here: 1 is proportional, 2 four times as much for twice the size. "
                + "By formula: what the operation itself asks for. Memory: of configurations of at least "
                + $"{NumberText.Bytes(FamilyFindings.LeastMemory)}, what was added beyond a part that does not grow.",
            ],
            Table = ScalingTable.Create(findings.Families),
        },
        new Section("Scaling from step to step")
        {
            Text =
            [
                "Between neighbouring sizes, the mean over all pairs of configurations that differ in that size alone. The "
                + "interval says how much the pairs differ at this step; what all pairs of a step share, such as a kernel that suits one of the two "
                + "sizes, is not in it. Of one or two pairs it says how well their medians are known.",
            ],
            Table = ScalingTable.StepsOf(findings.Families),
        },
        new Section("Batching")
        {
            Text =
            [
                "Sweet spot: most tokens per second at the median. Enough: the smallest batch known to lose at most "
                + $"{NumberText.Percent(BatchingPoint.Margin)} (a range where a smaller one may do too). Losses: * known to be more than that, ~ may be "
                + "more or less, (?) no interval, - none measured. The intervals of a curve hold together with 95 %.",
            ],
            Table = BatchingTable.Create(findings.Families),
            Plots = [.. BatchingPlots.DrawAll(findings), .. ThroughputPlot.DrawAll(findings)],
        },
        new Section("Distributions")
        {
            Text =
            [
                "Effective n: so many independent samples know the median as well. Lag-1 autocorrelation: rank correlation of each sample "
                + "with the next. Drift: last third against first third, where samples and their order correlate (1 %, at the effective sample size, "
                + "Holm-corrected over the configurations). Modes: two speeds between which it may switch, with the share of the slower one. "
                + "Disturbed: a collection, a wait for a CPU of more than 1 %, or throttling fell into it; such samples count like all others.",
            ],
            Table = ConfigurationTable.CreateShapes(findings.Configurations),
            Plots = DistributionPlots.DrawAll(findings),
        },
    ];

    /// <summary>Whether the run came as far as it was to.</summary>
    private static IEnumerable<string> Known(StudyFindings findings)
    {
        if (findings.Results.Run.Precision is not { } wanted) yield break;
        int known = findings.Configurations.Count(item => item.Precision <= wanted);
        double[] others = [.. findings.Configurations.Select(item => item.Precision).OfType<double>().Where(reached => reached > wanted)];
        yield return $"The median of {known} of {findings.Configurations.Count} configurations is known to the wanted "
            + $"{NumberText.Percent(wanted)} (half the 95 % interval of the visits' medians)"
            + (others.Length == 0 ? "." : $"; the widest to {NumberText.Percent(others.Max())}.")
            + (known == findings.Configurations.Count ? "" : " The run ended at its limit of passes or time.");
    }

    private static IEnumerable<string> NotReached(StudyFindings findings)
    {
        string[] without = [.. findings.Configurations.Where(item => item.Series.Count == 0).Select(item => $"{item.Key}")];
        if (without.Length > 0) yield return $"The run ended before there was a sample of: {string.Join(", ", without)}.";
    }

    private static Table ClaimsTable(IEnumerable<Claim> claims) => new TableColumn<Claim>[]
    {
        new("claim", claim => claim.Statement),
        new("here", claim => claim.Verdict.Text()),
        new("because", claim => claim.Remedy is { } remedy ? $"{claim.Reason} To answer it: {remedy}" : claim.Reason),
    }.Tabulate(3, claims);

    private static IEnumerable<Section> LeftOut(IReadOnlyList<LeftOutConfiguration> left)
    {
        if (left.Count == 0) yield break;
        TableColumn<LeftOutConfiguration>[] columns =
            [new("configuration", item => item.Key.ToString()), new("reason", item => item.Reason)];
        yield return new Section("Left out") { Table = columns.Tabulate(2, left) };
    }
}
