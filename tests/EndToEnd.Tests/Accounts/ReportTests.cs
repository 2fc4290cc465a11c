namespace Observatory.EndToEnd.Tests;

/// <summary>The accounts of the collector and the samples of the workload are of the same iterations.</summary>
public sealed class ReportTests
{
    [Fact]
    public async Task A_report_finds_the_account_of_every_sample_and_refuses_those_of_another_run()
    {
        using var accounts = new TemporaryFile();
        using var results = new TemporaryFile();
        using var others = new TemporaryFile();
        await ObserveAsync(accounts, results);
        await ObserveAsync(others, results: null);

        FinishedProcess report = await ReportAsync(results, accounts);
        FinishedProcess foreign = await ReportAsync(results, others);

        Assert.True(report.ExitCode == 0, report.Error);
        Assert.Contains("accounts for 60 of 60 samples", report.Output, StringComparison.Ordinal);
        Assert.Equal((2, ""), (foreign.ExitCode, foreign.Output));
        Assert.Contains("it is of another run than the results", foreign.Error, StringComparison.Ordinal);
    }

    private static async Task ObserveAsync(TemporaryFile accounts, TemporaryFile? results)
    {
        string[] output = results is null ? [] : ["--output", results.Path];
        FinishedProcess finished = await RunningProcess.RunAsync(
            Built.Collector,
            [
                "--json", "--accounts", accounts.Path, "--port", "0", "--", "--port", "0", .. ObservedRun.SmallStudy,
                "--once", "--iterations", "30", "--no-limits", .. output,
            ]);
        Assert.True(finished.ExitCode == 0, $"exit code {finished.ExitCode}: {finished.Error}");
    }

    private static Task<FinishedProcess> ReportAsync(TemporaryFile results, TemporaryFile accounts) =>
        RunningProcess.RunAsync(Built.Workload, ["report", results.Path, "--accounts", accounts.Path]);
}
