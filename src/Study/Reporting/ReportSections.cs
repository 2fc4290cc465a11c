using Observatory.Study.Claims;
using Observatory.Study.Results;

namespace Observatory.Study.Reporting;

/// <summary>The sections of a report, the answers first.</summary>
internal static class ReportSections
{
    public static IReadOnlyList<Section> Of(StudyFindings findings) =>
    [
        new Section("Claims") { Table = ClaimsTable(findings.Claims) },
        MachineSection.Of(findings.Results),
        new Section("Configurations")
        {
            Text = ["Intervals are distribution-free; p95 needs 20 samples, p99 100. Memory is what a configuration added."],
            Table = ConfigurationTable.Of(findings.Configurations),
            Plots = [.. Plots.LatencyPlots.Of(findings), .. Plots.RooflinePlot.Of(findings), .. Plots.MemoryPlot.Of(findings)],
        },
        .. LeftOut(findings.Results.LeftOut),
        new Section("Scaling")
        {
            Text = ["Exponents of power laws with 95 % intervals: 1 is proportional, 2 four times as much for twice the size."],
            Table = ScalingTable.Of(findings.Families),
        },
        new Section("Scaling from step to step") { Table = ScalingTable.StepsOf(findings.Families) },
        new Section("Batching")
        {
            Text =
            [
                "Sweet spot: most tokens per second. Enough: the smallest batch that is not clearly worse. "
                + "* clearly worse than the sweet spot (Holm-corrected 1 %), (?) too few samples to tell.",
            ],
            Table = BatchingTable.Of(findings.Families),
            Plots = Plots.BatchingPlots.Of(findings),
        },
        new Section("Distributions")
        {
            Text =
            [
                "Worth: independent samples that these are worth. Next to next: rank correlation of neighbours in time. "
                + "Drift: last third against first third, where samples and their order correlate (1 %). Modes: a hint only.",
            ],
            Table = ConfigurationTable.ShapesOf(findings.Configurations),
            Plots = Plots.DistributionPlots.Of(findings),
        },
    ];

    private static Table ClaimsTable(IEnumerable<Claim> claims) => new Column<Claim>[]
    {
        new("claim", claim => claim.Statement),
        new("here", claim => claim.Verdict.Text()),
        new("because", claim => claim.Reason),
    }.Tabulate(3, claims);

    private static IEnumerable<Section> LeftOut(IReadOnlyList<LeftOutConfiguration> left)
    {
        if (left.Count == 0) yield break;
        Column<LeftOutConfiguration>[] columns =
            [new("configuration", item => item.Key.ToString()), new("reason", item => item.Reason)];
        yield return new Section("Left out") { Table = columns.Tabulate(2, left) };
    }
}
