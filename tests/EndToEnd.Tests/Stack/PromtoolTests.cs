namespace Observatory.EndToEnd.Tests;

/// <summary>Prometheus' own opinion of our configuration, our rules and our metrics.</summary>
[Collection(SharedSweep.Name)]
public sealed class PromtoolTests(ObservedSweep sweep)
{
    private const string Program = "promtool";

    /// <summary>Findings about names that are not ours: .NET's own meter System.Runtime chose them.</summary>
    private static readonly string[] Accepted =
    [
        """dotnet_assembly_count non-histogram and non-summary metrics should not have "_count" suffix""",
        """dotnet_process_cpu_count non-histogram and non-summary metrics should not have "_count" suffix""",
        """dotnet_timer_count non-histogram and non-summary metrics should not have "_count" suffix""",
    ];

    [Fact]
    public async Task The_configuration_is_valid()
    {
        Needed();
        FinishedProcess check = await RunningProcess.RunAsync(
            Program, ["check", "config", Built.InRepository("prometheus/prometheus.yml")]);
        Assert.True(check.ExitCode == 0, check.Output + check.Error);
    }

    [Fact]
    public async Task The_rules_pass_the_linter()
    {
        Needed();
        IEnumerable<string> rules = Directory.EnumerateFiles(Built.InRepository(Rule.Folder), "*.yml");
        FinishedProcess check = await RunningProcess.RunAsync(Program, ["check", "rules", "--lint=all", "--lint-fatal", .. rules]);
        Assert.True(check.ExitCode == 0, check.Output + check.Error);
    }

    [Fact]
    public async Task Alerts_fire_and_stay_silent_and_rules_have_values_as_their_tests_say()
    {
        Needed();
        FinishedProcess test = await RunningProcess.RunAsync(Program, ["test", "rules", .. UnitTests.Files]);
        Assert.True(test.ExitCode == 0, test.Output + test.Error);
    }

    [Fact]
    public Task The_collectors_metrics_pass_the_linter() => LintAsync(sweep.CollectorMetrics);

    [Fact]
    public Task The_workloads_metrics_pass_the_linter() => LintAsync(sweep.WorkloadMetrics);

    private static async Task LintAsync(Uri metrics)
    {
        Needed();
        FinishedProcess check = await RunningProcess.RunAsync(
            Program, ["check", "metrics"], input: await Web.GetAsync(metrics));
        string[] findings = check.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Empty(findings.Except(Accepted));
    }

    private static void Needed() =>
        Assert.SkipUnless(Programs.Exists(Program), "needs promtool: apt-get install prometheus");
}
