using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>A collector ends within seconds when it is asked to, whatever its target and its outputs do, and prints what there is.</summary>
public sealed class StopTests
{
    private static readonly string[] Endless = ["--drivers", "2", "--iterations", "100000000", "--compute-us", "500"];

    [Fact]
    public async Task A_target_that_is_stopped_is_refused_with_what_lets_it_go_on()
    {
        await using RunningProcess target = await StartTargetAsync();
        await using StoppedProcess stopped = await StoppedProcess.StopAsync(target);
        FinishedProcess refused = await RunningProcess.RunAsync(Built.Collector, ["attach", "--pid", $"{target.Id}", "--port", "0"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains($"kill -CONT {target.Id}", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_target_that_is_stopped_while_it_is_observed_does_not_keep_the_collector(bool byDuration)
    {
        await using RunningProcess target = await StartTargetAsync();
        using var accounts = new TemporaryFile();
        await using RunningProcess collector = Attach(target, accounts, byDuration ? ["--duration", "10s"] : []);
        await HasAccountsAsync(accounts);
        await using StoppedProcess stopped = await StoppedProcess.StopAsync(target);

        FinishedProcess finished = byDuration ? await collector.WaitAsync(Limits.Grace) : await collector.StopAsync();

        Assert.Equal(0, finished.ExitCode);
        Assert.NotEmpty(JsonNode.Parse(finished.Output)!["configurations"]!.AsArray());
        Assert.Contains("did not answer", finished.Error, StringComparison.Ordinal);
    }

    /// <summary>As `docker pause` does it, and then `docker stop` of the collector.</summary>
    [Fact]
    public async Task A_target_whose_container_is_paused_does_not_keep_the_collector_and_is_refused()
    {
        FrozenProcess.Needed();
        await using RunningProcess target = await StartTargetAsync();
        using var accounts = new TemporaryFile();
        await using RunningProcess collector = Attach(target, accounts);
        await HasAccountsAsync(accounts);
        await using FrozenProcess frozen = await FrozenProcess.FreezeAsync(target);

        Task<FinishedProcess> attaching = RunningProcess.RunAsync(Built.Collector, ["attach", "--pid", $"{target.Id}", "--port", "0"]);
        FinishedProcess finished = await collector.StopAsync(), refused = await attaching;

        Assert.Equal(0, finished.ExitCode);
        Assert.NotEmpty(JsonNode.Parse(finished.Output)!["configurations"]!.AsArray());
        Assert.Contains("did not answer", finished.Error, StringComparison.Ordinal);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("container paused (docker unpause)", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-HUP")]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task Each_signal_that_ends_it_lets_it_print_what_it_saw(string signal)
    {
        await using RunningProcess target = await StartTargetAsync();
        using var accounts = new TemporaryFile();
        await using RunningProcess collector = Attach(target, accounts);
        await HasAccountsAsync(accounts);

        await RunningProcess.RunAsync("kill", [signal, $"{collector.Id}"]);

        FinishedProcess finished = await collector.WaitAsync(Limits.Grace);
        Assert.Equal(0, finished.ExitCode);
        Assert.NotEmpty(JsonNode.Parse(finished.Output)!["configurations"]!.AsArray());
        Assert.False(target.HasExited);
    }

    [Fact]
    public async Task Messages_that_cannot_be_written_do_not_cost_the_results()
    {
        await using RunningProcess target = await StartTargetAsync();
        FinishedProcess finished = await RunWithAsync("2>/dev/full", target);
        Assert.Equal(0, finished.ExitCode);
        Assert.NotEmpty(JsonNode.Parse(finished.Output)!["sources"]!.AsArray());
    }

    [Fact]
    public async Task Results_that_cannot_be_written_are_one_line_and_exit_code_1()
    {
        await using RunningProcess target = await StartTargetAsync();
        FinishedProcess finished = await RunWithAsync(">/dev/full", target);
        Assert.Equal(1, finished.ExitCode);
        Assert.Contains("collector: The results cannot be written to standard output", finished.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", finished.Error, StringComparison.Ordinal);
    }

    /// <summary>The moments between its first instruction, its child's start, the child's connection and the first account.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(150)]
    [InlineData(300)]
    [InlineData(450)]
    [InlineData(600)]
    [InlineData(800)]
    [InlineData(1100)]
    [InlineData(1600)]
    public async Task Asked_to_end_while_it_starts_its_child_it_ends_and_leaves_none_behind(int milliseconds)
    {
        string mark = $"{Guid.NewGuid():N}";
        await using RunningProcess collector = StartMarked(mark);
        await Task.Delay(milliseconds, TestContext.Current.CancellationToken);

        FinishedProcess finished = await collector.StopAsync();

        // Before its handlers are there, a signal ends it as it ends any program.
        Assert.Contains(finished.ExitCode, (int[])[0, 143]);
        bool saysNothing = finished.ExitCode == 0 && finished.Output.Length == 0;
        if (saysNothing) Assert.Contains("told to stop before anything was observed", finished.Error, StringComparison.Ordinal);
        await Eventually.TrueAsync("the end of every process that it started", () => !Marked(mark).Any());
    }

    /// <summary>From the child's first instruction on, through its connection, to its first iterations.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(200)]
    [InlineData(400)]
    public async Task Killed_while_it_starts_its_child_it_leaves_none_behind(int milliseconds)
    {
        string mark = $"{Guid.NewGuid():N}";
        await using RunningProcess collector = StartMarked(mark);
        await Eventually.TrueAsync("the child", () => Marked(mark).Count() > 1);
        await Task.Delay(milliseconds, TestContext.Current.CancellationToken);

        await RunningProcess.RunAsync("kill", ["-KILL", $"{collector.Id}"]);

        await Eventually.TrueAsync("the end of the child", () => !Marked(mark).Any());
    }

    private static async Task<FinishedProcess> RunWithAsync(string redirection, RunningProcess target) => await RunningProcess.RunAsync(
        "sh", ["-c", $"exec \"$0\" \"$@\" {redirection}", Built.Collector, "attach", "--pid", $"{target.Id}", "--port", "0", "--json", "--duration", "2s"]);

    private static async Task<RunningProcess> StartTargetAsync()
    {
        RunningProcess target = RunningProcess.Start(Built.TruthTarget, Endless);
        // The runtime opens its diagnostics socket a moment after the process starts.
        await Eventually.TrueAsync(
            "the diagnostics socket", () => Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{target.Id}-*").Length > 0);
        return target;
    }

    private static RunningProcess Attach(RunningProcess target, TemporaryFile accounts, params string[] more) => RunningProcess.Start(
        Built.Collector, ["attach", "--pid", $"{target.Id}", "--port", "0", "--json", "--accounts", accounts.Path, .. more]);

    private static Task HasAccountsAsync(TemporaryFile accounts) =>
        Eventually.TrueAsync("accounts", () => new FileInfo(accounts.Path).Length > 0);

    /// <summary>A collector that starts the sweep. It and all its children carry the mark in their environment.</summary>
    private static RunningProcess StartMarked(string mark) => RunningProcess.Start(
        Built.Collector,
        ["--no-live", "--port", "0", "--", "--port", "0", .. ObservedRun.SmallStudy],
        new Dictionary<string, string?> { ["OBSERVATORY_TEST"] = mark });

    private static IEnumerable<string> Marked(string mark) => Directory.GetDirectories("/proc")
        .Where(process => Environ(process).Contains(mark, StringComparison.Ordinal));

    private static string Environ(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
