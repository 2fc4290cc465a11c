namespace Observatory.EndToEnd.Tests;

public sealed class DiagnosticPortTests
{
    [Fact]
    public async Task A_process_that_connects_is_seen_from_its_first_iteration_to_its_end()
    {
        string port = FreePath();
        using var file = new TemporaryFile();
        await using RunningProcess collector = await WaitingAsync(port, file);
        await using RunningProcess workload = RunningProcess.Start(
            Built.Workload,
            ["sweep", .. ObservedRun.SmallStudy, "--port", "0", "--quiet", "--once"],
            new Dictionary<string, string?> { ["DOTNET_DiagnosticPorts"] = port });
        ObservedRun run = ObservedRun.Read(await collector.WaitAsync(Limits.Condition), file);
        Assert.Equal([1, 2, 3, 4, 5, 6], run.Accounts.Select(account => account.Iteration).Order());
        Assert.False(File.Exists(port));
    }

    [Fact]
    public async Task A_process_that_did_not_wait_is_seen_from_when_the_collector_listens()
    {
        string port = FreePath();
        using var file = new TemporaryFile();
        await using RunningProcess target = RunningProcess.Start(
            Built.TruthTarget,
            ["--iterations", "20"],
            new Dictionary<string, string?> { ["DOTNET_DiagnosticPorts"] = $"{port},nosuspend" });
        // It runs: its main thread has begun the others.
        await AttachedRun.ListedAsync(target.Id);
        // It may connect at once, and then the invitation is not written.
        await using RunningProcess collector = AttachedRun.Start(file, "--diagnostic-port", port);
        ObservedRun run = ObservedRun.Read(await collector.WaitAsync(Limits.Condition), file);
        Assert.Equal(20, run.Accounts.Count);
        Assert.Equal(0, (await target.WaitAsync(Limits.Condition)).ExitCode);
    }

    [Fact]
    public async Task Told_to_stop_while_it_waits_it_ends_well_and_leaves_no_socket()
    {
        string port = FreePath();
        using var file = new TemporaryFile();
        await using RunningProcess collector = await WaitingAsync(port, file);
        Assert.Equal(0, (await collector.StopAsync()).ExitCode);
        Assert.False(File.Exists(port));
    }

    [Fact]
    public async Task A_file_is_not_replaced_and_a_folder_is_not_made()
    {
        using var file = new TemporaryFile();
        await AttachedRun.RefusesAsync("not a socket", Built.Collector, "attach", "--diagnostic-port", file.Path, "--port", "0");
        Assert.True(File.Exists(file.Path));
        await AttachedRun.RefusesAsync(
            "does not exist", Built.Collector, "attach", "--diagnostic-port", Path.Combine(FreePath(), "a.sock"), "--port", "0");
    }

    private static string FreePath() => Path.Combine(Path.GetTempPath(), $"observatory-{Guid.NewGuid():N}.sock");

    private static async Task<RunningProcess> WaitingAsync(string port, TemporaryFile file)
    {
        RunningProcess collector = AttachedRun.Start(file, "--diagnostic-port", port);
        await Eventually.TrueAsync("the invitation", () => collector.Error.Contains("DOTNET_DiagnosticPorts=", StringComparison.Ordinal));
        return collector;
    }
}
