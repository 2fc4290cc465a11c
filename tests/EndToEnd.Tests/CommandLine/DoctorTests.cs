using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

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
    public async Task With_each_set_of_rights_it_says_what_these_rights_give()
    {
        await Rights.NeedsToDropThemAsync();
        Assert.Contains("without a limit (CAP_IPC_LOCK)", await SaysAsync(Rights.Own, "memory for rings of threads"), StringComparison.Ordinal);
        Assert.Contains("RLIMIT_MEMLOCK", await SaysAsync(Rights.Nobody, "memory for rings of threads"), StringComparison.Ordinal);
        Assert.Equal("those within system calls too", await SaysAsync(Rights.NobodyWith("perfmon"), "page faults of own threads"));
        Assert.Equal("opens", await SaysAsync(Rights.NobodyWith("perfmon"), "context switches of all CPUs"));
        Assert.NotEqual("kernel", await RightsRun.DoctorsTierAsync(Rights.Nobody));
        Assert.NotEqual("none", await RightsRun.DoctorsTierAsync(Rights.Nobody));
    }

    [Fact]
    public async Task A_limit_of_locked_memory_too_low_for_many_threads_is_named_with_its_remedy()
    {
        await Rights.NeedsToDropThemAsync();
        Assert.SkipUnless(Programs.Exists("prlimit"), "Needs prlimit.");
        JsonNode finding = await FindingAsync(
            new Rights(["prlimit", "--memlock=65536", .. Rights.Nobody.Prefix]), "memory for rings of threads");
        Assert.Contains("RLIMIT_MEMLOCK 64 KiB", finding["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(finding["is_ok"]!.GetValue<bool>(), finding["remedy"]!.GetValue<string>().Length == 0);
    }

    [Fact]
    public async Task Its_exit_code_says_whether_every_source_has_its_highest_tier()
    {
        FinishedProcess finished = await RunningProcess.RunAsync(Built.Collector, ["doctor", "--json"]);
        bool full = JsonNode.Parse(finished.Output)!["sources"]!.AsArray().All(source => source!["is_full"]!.GetValue<bool>());
        Assert.Equal(full ? 0 : 1, finished.ExitCode);
    }

    private static async Task<string> SaysAsync(Rights rights, string aspect) =>
        (await FindingAsync(rights, aspect))["reason"]!.GetValue<string>();

    private static async Task<JsonNode> FindingAsync(Rights rights, string aspect) =>
        (await RightsRun.DoctorAsync(rights))["findings"]!.AsArray().Single(finding => finding!["name"]!.GetValue<string>() == aspect)!;
}
