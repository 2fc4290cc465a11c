using System.Text.Json.Nodes;
using Observatory.EndToEnd.Tests.Infrastructure;

namespace Observatory.EndToEnd.Tests.CommandLine;

public sealed class DoctorTests
{
    [Fact]
    public async Task Says_for_each_source_its_tier_and_what_was_tried()
    {
        FinishedProcess finished = await RunningProcess.RunAsync(Built.Collector, ["doctor", "--json"]);
        JsonArray sources = JsonNode.Parse(finished.Output)!["sources"]!.AsArray();
        Assert.Equal(["runtime", "kernel", "procfs"], sources.Select(source => source!["name"]!.GetValue<string>()));
        Assert.All(sources, source => Assert.NotEmpty(source!["findings"]!.AsArray()));
    }

    [Fact]
    public async Task Names_a_remedy_for_everything_that_is_missing()
    {
        FinishedProcess finished = await RunningProcess.RunAsync(Built.Collector, ["doctor", "--json"]);
        var findings = JsonNode.Parse(finished.Output)!["sources"]!.AsArray().SelectMany(source => source!["findings"]!.AsArray());
        Assert.All(
            findings.Where(finding => !finding!["is_ok"]!.GetValue<bool>()),
            finding => Assert.NotEqual("", finding!["remedy"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Its_exit_code_says_whether_every_source_has_its_highest_tier()
    {
        FinishedProcess finished = await RunningProcess.RunAsync(Built.Collector, ["doctor", "--json"]);
        bool full = JsonNode.Parse(finished.Output)!["sources"]!.AsArray().All(source => source!["is_full"]!.GetValue<bool>());
        Assert.Equal(full ? 0 : 1, finished.ExitCode);
    }
}
