using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

public sealed class AttachTests
{
    [Fact]
    public async Task A_workload_that_runs_already_is_accounted_for_until_its_end()
    {
        await using RunningProcess workload = RunningProcess.Start(
            Built.Workload, ["sweep", .. ObservedRun.SmallStudy, "--port", "0", "--json", "--quiet"]);
        using var file = new TemporaryFile();
        await using RunningProcess collector = await AttachAsync(workload, file);
        await Eventually.TrueAsync("accounts", () => new FileInfo(file.Path).Length > 0);

        FinishedProcess swept = await workload.StopAsync();
        ObservedRun run = ObservedRun.Read(await collector.WaitAsync(Limits.Condition), file);

        long written = JsonNode.Parse(swept.Output)!["iterations"]!.GetValue<long>();
        // Not in the order of the file: an account waits until its configuration is declared, those of others do not.
        long[] iterations = [.. run.Accounts.Select(account => account.Iteration).Order()];
        long first = iterations[0];
        Assert.Equal(Enumerable.Range(0, (int)(written - first + 1)).Select(n => first + n), iterations);
        Assert.Equal(0, run.Source("runtime")["lost"]!.GetValue<long>());
    }

    [Fact]
    public async Task The_target_goes_on_when_the_collector_has_seen_enough_and_can_be_observed_again()
    {
        await using RunningProcess workload = RunningProcess.Start(
            Built.Workload, ["sweep", .. ObservedRun.SmallStudy, "--port", "0", "--quiet"]);
        for (int visit = 0; visit < 2; visit++)
        {
            using var file = new TemporaryFile();
            await using RunningProcess collector = await AttachAsync(workload, file);
            await Eventually.TrueAsync("accounts", () => new FileInfo(file.Path).Length > 0);
            ObservedRun run = ObservedRun.Read(await collector.StopAsync(), file);
            Assert.NotEmpty(run.Accounts);
            Assert.False(workload.HasExited);
        }
    }

    private static async Task<RunningProcess> AttachAsync(RunningProcess workload, TemporaryFile file)
    {
        // The runtime opens its diagnostics socket a moment after the process starts.
        await Eventually.TrueAsync(
            "the diagnostics socket",
            () => Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{workload.Id}-*").Length > 0);
        return RunningProcess.Start(
            Built.Collector, ["attach", "--pid", $"{workload.Id}", "--json", "--accounts", file.Path, "--port", "0"]);
    }
}
