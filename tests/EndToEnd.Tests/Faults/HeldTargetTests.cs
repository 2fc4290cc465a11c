namespace Observatory.EndToEnd.Tests;

/// <summary>Targets that wait, and processes that would wait because of us.</summary>
public sealed class HeldTargetTests
{
    private const string Suspend = "DOTNET_DefaultDiagnosticPortSuspend";
    private const string Ports = "DOTNET_DiagnosticPorts";

    [Fact]
    public async Task What_inherits_the_port_is_let_go_and_the_first_is_observed()
    {
        string port = Path.Combine(Path.GetTempPath(), $"observatory-{Guid.NewGuid():N}.sock");
        var environment = new Dictionary<string, string?> { [Ports] = port };
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector, ["attach", "--diagnostic-port", port, "--json", "--port", "0"]);
        await Eventually.TrueAsync("the invitation", () => collector.Error.Contains(Ports, StringComparison.Ordinal));
        await using RunningProcess first = RunningProcess.Start(Built.LyingTarget, ["undeclared", "10"], environment);
        await Eventually.TrueAsync("the first to run", () => first.Output.Contains("told", StringComparison.Ordinal));
        await using RunningProcess second = RunningProcess.Start(Built.ChurnTarget, ["idle"], environment);
        await using RunningProcess third = RunningProcess.Start(Built.ChurnTarget, ["idle"], environment);
        foreach (RunningProcess other in new[] { second, third })
        {
            await Eventually.TrueAsync("another to run", () => other.Output.Contains("churning", StringComparison.Ordinal));
            Assert.Contains($"process {other.Id} (Observatory.Chu) connected too and was resumed unobserved; observed is process {first.Id} (", collector.Error, StringComparison.Ordinal);
        }

        FinishedProcess finished = await collector.StopAsync();
        Assert.Equal(0, finished.ExitCode);
        Assert.Contains("\"iterations\": 10", finished.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(port));
    }

    [Fact]
    public async Task A_runtime_that_waits_to_be_resumed_is_said_to_and_resumed_where_that_is_asked()
    {
        await using RunningProcess target = RunningProcess.Start(
            Built.LyingTarget, ["undeclared", "10"], new Dictionary<string, string?> { [Suspend] = "1" });
        await AttachedRun.ListedAsync(target.Id);
        Assert.Contains("  suspended  ", await AttachedRun.ListAsync(), StringComparison.Ordinal);
        await AttachedRun.RefusesAsync("waits to be resumed", Built.Collector, "attach", "--pid", $"{target.Id}", "--port", "0");
        Assert.Equal("", target.Output);

        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector, ["attach", "--pid", $"{target.Id}", "--resume", "--json", "--port", "0"]);
        await Eventually.TrueAsync("the target to run", () => target.Output.Contains("told", StringComparison.Ordinal));
        FinishedProcess finished = await collector.StopAsync();
        Assert.Contains("\"iterations\": 10", finished.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runtime_that_waits_for_a_tool_on_a_port_gets_the_port_as_remedy()
    {
        string port = Path.Combine(Path.GetTempPath(), $"observatory-{Guid.NewGuid():N}.sock");
        await using RunningProcess target = RunningProcess.Start(
            Built.LyingTarget, ["undeclared", "10"], new Dictionary<string, string?> { [Ports] = port });
        await AttachedRun.ListedAsync(target.Id);

        await AttachedRun.RefusesAsync(
            $"`attach --diagnostic-port {port}`", Built.Collector, "attach", "--pid", $"{target.Id}", "--resume", "--port", "0");
    }

    [Theory]
    [InlineData("DOTNET_EnableDiagnostics")]
    [InlineData("COMPlus_EnableDiagnostics")]
    public async Task Diagnostics_that_are_off_are_the_reason(string variable)
    {
        await using RunningProcess target = RunningProcess.Start(
            Built.ChurnTarget, ["idle"], new Dictionary<string, string?> { [variable] = "0" });
        await Eventually.TrueAsync("the target to run", () => target.Output.Contains("churning", StringComparison.Ordinal));

        await AttachedRun.RefusesAsync($"Start it without {variable}=0", Built.Collector, "attach", "--pid", $"{target.Id}", "--port", "0");
    }

    [Fact]
    public async Task Sockets_in_a_relative_or_a_long_temporary_folder_are_found()
    {
        string folder = Directory.CreateTempSubdirectory("observatory-held-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "here"));
            await using RunningProcess target = RunningProcess.Start(
                Built.LyingTarget, ["undeclared", "10"], new Dictionary<string, string?> { ["TMPDIR"] = "here" }, workingFolder: folder);
            await AttachedRun.ListedAsync(target.Id);
            await using RunningProcess collector = RunningProcess.Start(
                Built.Collector, ["attach", "--pid", $"{target.Id}", "--json", "--port", "0"]);
            await Eventually.TrueAsync("the lies", () => target.Output.Contains("told", StringComparison.Ordinal));
            Assert.Contains("\"iterations\": 10", (await collector.StopAsync()).Output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_collector_is_no_candidate()
    {
        await using RunningProcess target = RunningProcess.Start(Built.ChurnTarget, ["idle"]);
        await AttachedRun.ListedAsync(target.Id);
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector, ["attach", "--pid", $"{target.Id}", "--no-live", "--port", "0"]);
        await Eventually.TrueAsync("the collector to observe", () => collector.Error.Contains("metrics: ", StringComparison.Ordinal));

        Assert.DoesNotContain($"\n {collector.Id,8}  ", await AttachedRun.ListAsync(), StringComparison.Ordinal);
        await AttachedRun.RefusesAsync("No .NET process is named", Built.Collector, "attach", "--name", "Observatory.Collector", "--port", "0");
    }
}
