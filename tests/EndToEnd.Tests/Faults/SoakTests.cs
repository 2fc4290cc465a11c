using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>A soak test at a scale of seconds: a real target that grows is found to grow, and a killed collector goes on.</summary>
public sealed class SoakTests
{
    [Theory]
    [InlineData("--leak managed", "target_memory target_managed_memory", "target_handles")]
    [InlineData("--leak native", "target_memory target_native_memory", "target_managed_memory target_handles")]
    [InlineData("--leak handles", "target_handles", "target_managed_memory")]
    [InlineData("--leak nothing --slower-us 400", "latency", "target_handles")]
    public async Task What_grows_in_a_target_is_named_and_the_exit_code_is_1(string fault, string fails, string others)
    {
        (int exitCode, JsonNode report) = await SoakedAsync(fault);

        Assert.Equal(1, exitCode);
        Assert.Equal("fails", report["outcome"]!.GetValue<string>(), ignoreCase: true);
        Assert.All(fails.Split(' '), criterion =>
        {
            JsonNode finding = Finding(report, criterion);
            Assert.Equal("fails", OutcomeOf(finding));
            Assert.True(finding["per_hour"]!.GetValue<double>() > 1_000, $"{finding}");
            Assert.Contains(finding["sentence"]!.GetValue<string>(), report["verdict"]!.GetValue<string>(), StringComparison.Ordinal);
        });
        Assert.All(others.Split(' '), criterion => Assert.NotEqual("fails", OutcomeOf(Finding(report, criterion))));
    }

    [Fact]
    public async Task The_same_target_with_nothing_switched_on_does_not_grow()
    {
        (_, JsonNode report) = await SoakedAsync("--leak nothing");

        // Not latency: what else the machine does may slow it down in earnest. Not the collector: it has just begun.
        Assert.All(["target_memory", "target_managed_memory", "target_native_memory", "target_handles", "target_threads"], criterion =>
        {
            JsonNode finding = Finding(report, criterion);
            Assert.NotNull(finding["per_hour"]);
            Assert.True(OutcomeOf(finding) != "fails", $"{finding}");
        });
    }

    [Fact]
    public async Task A_collector_that_was_killed_goes_on_with_its_test_and_counts_the_time_it_was_away()
    {
        string state = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jsonl");
        await using RunningProcess target = RunningProcess.Start(Built.TruthTarget, ["--iterations", "1000000"]);
        await AttachedRun.ListedAsync(target.Id);
        string[] soak = ["soak", "--pid", $"{target.Id}", "--duration", "12s", "--interval", "100ms", "--state", state, "--json", "--port", "0", "--traces", "none"];
        try
        {
            int before;
            await using (RunningProcess killed = RunningProcess.Start(Built.Collector, soak))
            {
                await Eventually.TrueAsync("samples", () => File.Exists(state) && Lines() > 5);
                await RunningProcess.RunAsync("kill", ["-KILL", $"{killed.Id}"]);
                before = Lines();
            }

            // The line that it was writing.
            await File.AppendAllTextAsync(state, "{\"at\":\"2026", TestContext.Current.CancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            FinishedProcess finished = await RunningProcess.RunAsync(Built.Collector, soak);

            JsonNode report = JsonNode.Parse(finished.Output)!;
            // The plan is a line, too.
            Assert.True(report["samples"]!.GetValue<int>() >= before - 1);
            Assert.Equal(Lines() - 1, report["samples"]!.GetValue<int>());
            JsonNode away = report["findings"]!.AsArray().Single(one => one!["criterion"]!.GetValue<string>() == "observation_gaps")!;
            Assert.Equal("inconclusive", away["outcome"]!.GetValue<string>(), ignoreCase: true);
        }
        finally
        {
            File.Delete(state);
        }

        int Lines() => File.ReadAllText(state).Count(character => character == '\n');
    }

    [Fact]
    public async Task A_test_that_goes_on_and_is_stopped_before_its_target_came_still_reports_what_was_seen()
    {
        string state = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jsonl");
        DateTimeOffset began = TimeProvider.System.GetUtcNow().AddMinutes(-2);
        try
        {
            await File.WriteAllTextAsync(
                state,
                $$"""{"soak":1,"began":"{{began:O}}","seconds":3600,"interval_seconds":60,"target":"away"}""" + "\n"
                + $$"""{"at":"{{began.AddMinutes(1):O}}","collector_resident":100000000,"collector_handles":90,"collector_threads":20,"units":7,"incomplete":0,"lost":0,"restarts":0,"gap_seconds":0,"latency_ms":{ } }""" + "\n",
                TestContext.Current.CancellationToken);
            await using RunningProcess collector = RunningProcess.Start(
                Built.Collector, ["soak", "--name", "no-process-has-this-name", "--duration", "1h", "--state", state, "--json", "--port", "0", "--traces", "none"]);
            await Eventually.TrueAsync("a word of what it waits for", () => collector.Error.Contains("waiting for", StringComparison.Ordinal));
            FinishedProcess finished = await collector.StopAsync();

            Assert.Equal(0, finished.ExitCode);
            JsonNode report = JsonNode.Parse(finished.Output)!;
            Assert.Equal(1, report["samples"]!.GetValue<int>());
            Assert.Equal("away", report["plan"]!["target"]!.GetValue<string>());
        }
        finally
        {
            File.Delete(state);
        }
    }

    [Fact]
    public async Task What_is_no_state_is_refused() =>
        await AttachedRun.RefusesAsync("not the state of a soak test", Built.Collector, "soak", "--state", Built.InRepository("README.md"));

    private static async Task<(int ExitCode, JsonNode Report)> SoakedAsync(string fault)
    {
        await using RunningProcess target = RunningProcess.Start(
            Built.TruthTarget, ["--drivers", "1", "--iterations", "100000000", "--compute-us", "300", "--sleep-ms", "1", .. fault.Split(' ')]);
        await AttachedRun.ListedAsync(target.Id);
        FinishedProcess finished = await RunningProcess.RunAsync(
            Built.Collector,
            ["soak", "--pid", $"{target.Id}", "--duration", "25s", "--interval", "200ms", "--shortest-trend", "5s", "--full-collections", "400ms", "--json", "--port", "0", "--traces", "none"]);
        return (finished.ExitCode, JsonNode.Parse(finished.Output)!);
    }

    private static string OutcomeOf(JsonNode finding) => finding["outcome"]!.GetValue<string>().ToLowerInvariant();

    private static JsonNode Finding(JsonNode report, string criterion) =>
        report["findings"]!.AsArray().Single(one => one!["criterion"]!.GetValue<string>() == criterion)!;
}
