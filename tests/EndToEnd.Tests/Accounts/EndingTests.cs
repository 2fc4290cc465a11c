using System.Globalization;
using System.Text.Json.Nodes;
using Observatory.Kernel;

namespace Observatory.EndToEnd.Tests;

public sealed class EndingTests
{
    [Fact]
    public async Task A_time_limit_ends_the_workload_and_prints_the_table()
    {
        FinishedProcess finished = await RunningProcess.RunAsync(
            Built.Collector, ["--duration", "3s", "--no-live", "--port", "0", "--", "--port", "0", .. ObservedRun.SmallStudy]);
        Assert.Equal(0, finished.ExitCode);
        Assert.Contains("batch  seq  dim", finished.Output, StringComparison.Ordinal);
        Assert.Contains("runtime: eventpipe", finished.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asked_to_end_it_takes_its_child_along_and_still_prints_what_it_saw()
    {
        await using RunningProcess collector = await StartAsync();
        int child = await ChildAsync(collector);
        FinishedProcess finished = await collector.StopAsync();
        Assert.Equal(0, finished.ExitCode);
        Assert.NotEmpty(JsonNode.Parse(finished.Output)!["configurations"]!.AsArray());
        Assert.False(Directory.Exists($"/proc/{child}"));
    }

    [Fact]
    public async Task A_workload_that_is_killed_is_a_finding_and_loses_nothing_that_was_received()
    {
        await using RunningProcess collector = await StartAsync();
        await KillAsync(await ChildAsync(collector));
        FinishedProcess finished = await collector.WaitAsync(Limits.Condition);
        Assert.Equal(1, finished.ExitCode);
        Assert.NotEmpty(JsonNode.Parse(finished.Output)!["configurations"]!.AsArray());
    }

    [Fact]
    public async Task A_collector_that_is_killed_does_not_leave_its_child_behind()
    {
        await using RunningProcess collector = await StartAsync();
        int child = await ChildAsync(collector);
        await KillAsync(collector.Id);
        await Eventually.TrueAsync("the end of the child", () => !Directory.Exists($"/proc/{child}"));
    }

    /// <summary>Starts a run and waits until it has accounts.</summary>
    private static async Task<RunningProcess> StartAsync()
    {
        using var file = new TemporaryFile();
        RunningProcess collector = RunningProcess.Start(
            Built.Collector,
            ["--json", "--accounts", file.Path, "--port", "0", "--", "--port", "0", .. ObservedRun.SmallStudy]);
        await Eventually.TrueAsync("accounts", () => new FileInfo(file.Path).Length > 0);
        return collector;
    }

    private static async Task<int> ChildAsync(RunningProcess parent)
    {
        string children = await Eventually.GetAsync(
            "the child",
            () => Task.FromResult(string.Concat(ProcessThreads.List(parent.Id).Select(thread => Children(parent.Id, thread)))),
            found => found.Length > 0);
        return int.Parse(children.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static string Children(int process, int thread) => File.ReadAllText($"/proc/{process}/task/{thread}/children");

    private static async Task KillAsync(int process) => await RunningProcess.RunAsync("kill", ["-KILL", $"{process}"]);
}
