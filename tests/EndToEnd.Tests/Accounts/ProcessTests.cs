using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>A process that marks no iterations is accounted for as a whole.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Json_has_the_states_of_its_threads_by_role()
    {
        FinishedProcess finished = await ObserveAsync("--json");
        JsonNode json = JsonNode.Parse(finished.Output)!;
        Assert.SkipUnless(json["sources"]![1]!["tier"]!.GetValue<string>() == "kernel", $"Needs the kernel tier: {finished.Error}");
        JsonNode process = json["process"]!;
        Assert.Empty(json["configurations"]!.AsArray());
        Assert.True(process["pool"]!["seconds"]!["managed"]!["running"]!.GetValue<double>() > 0);
        Assert.True(process["run_queue"]!["waits"]!.GetValue<long>() > 0);
        Assert.True(process["suspensions"]!["count"]!.GetValue<long>() > 0);
    }

    [Fact]
    public async Task Text_says_it_in_a_table()
    {
        FinishedProcess finished = await ObserveAsync("--no-live");
        Assert.Contains("process: up to ", finished.Output, StringComparison.Ordinal);
        Assert.Contains("suspensions: ", finished.Output, StringComparison.Ordinal);
        Assert.Contains("No iterations: the process marks none", finished.Output, StringComparison.Ordinal);
    }

    private static async Task<FinishedProcess> ObserveAsync(string how)
    {
        await using RunningProcess target = RunningProcess.Start(Built.ChurnTarget, ["allocate"]);
        await AttachedRun.ListedAsync(target.Id);
        FinishedProcess finished = await RunningProcess.RunAsync(
            Built.Collector, ["attach", "--pid", $"{target.Id}", "--duration", "5s", how, "--port", "0"]);
        Assert.Equal(0, finished.ExitCode);
        return finished;
    }
}
