namespace Observatory.EndToEnd.Tests;

/// <summary>A program that comes and goes under new process ids is observed by one collector, as one program.</summary>
public sealed class FollowTests
{
    private const int Iterations = 150;

    [Fact]
    public async Task A_program_that_connects_again_and_again_is_seen_each_time_from_its_first_iteration()
    {
        string port = Path.Combine(Path.GetTempPath(), $"observatory-{Guid.NewGuid():N}.sock");
        int metrics = FreePort.Next();
        using var file = new TemporaryFile();
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector, ["attach", "--diagnostic-port", port, "--wait", "--json", "--accounts", file.Path, "--port", $"{metrics}"]);

        await RunAsync();
        await using (RunningProcess killed = Start("--iterations", "1000000"))
        {
            // As many as are looked for at the end: what the runtime had not sent when it was killed is missing.
            await Eventually.TrueAsync("as many of the second one", () => File.ReadLines(file.Path).Count() > (2 * Iterations) + 1);
            await RunningProcess.RunAsync("kill", ["-KILL", $"{killed.Id}"]);
        }

        await RunAsync();
        await Eventually.TrueAsync("all of the third one", () => Times(Iterations) == 3);
        Exposition scraped = await Exposition.ReadAsync(new Uri($"http://127.0.0.1:{metrics}/metrics"));
        ObservedRun run = ObservedRun.Read(await collector.StopAsync(), file);

        Assert.Equal(2, scraped.Sum("observatory_target_restarts_total"));
        Assert.True(scraped.Sum("observatory_target_gap_seconds_total") > 0);
        // One program, one configuration, one series.
        Assert.Single(run.Configurations);
        Assert.Single(scraped.Of("observatory_iteration_duration_seconds_count"));
        Assert.Equal(run.Accounts.Count, run.Iterations);
        Assert.All(Enumerable.Range(1, Iterations), number => Assert.Equal(3, run.Accounts.Count(account => account.Iteration == number)));
        Assert.False(File.Exists(port));

        int Times(int number) => File.ReadLines(file.Path).Select(AccountLine.Parse).Count(account => account.Iteration == number);

        async Task RunAsync()
        {
            await using RunningProcess target = Start("--iterations", $"{Iterations}");
            Assert.Equal(0, (await target.WaitAsync(Limits.Condition)).ExitCode);
        }

        RunningProcess Start(params string[] what) => RunningProcess.Start(
            Built.TruthTarget, [.. what, "--compute-us", "200", "--block-us", "50"], new Dictionary<string, string?> { ["DOTNET_DiagnosticPorts"] = port });
    }

    [Fact]
    public async Task A_name_is_waited_for_and_found_again_under_another_process_id()
    {
        string name = $"waited-for-{Guid.NewGuid():N}"[..15];
        using var file = new TemporaryFile();
        await using RunningProcess collector = AttachedRun.Start(file, "--name", name, "--wait");
        await Eventually.TrueAsync("a word of what it waits for", () => collector.Error.Contains($"waiting for a .NET process named '{name}'", StringComparison.Ordinal));

        for (int accounts = 0, time = 1; time <= 2; time++)
        {
            await using RunningProcess target = RunningProcess.Start(
                "bash", ["-c", "exec -a \"$0\" \"$1\" --iterations 1000000", name, Built.TruthTarget]);
            await Eventually.TrueAsync($"accounts of process {time}", () => File.ReadLines(file.Path).Count() > accounts + 20);
            await target.StopAsync();
            await Eventually.TrueAsync($"the end of process {time}", () => collector.Error.Split("the target has ended").Length == time + 1);
            accounts = File.ReadLines(file.Path).Count();
        }

        FinishedProcess finished = await collector.StopAsync();
        Assert.Equal(0, finished.ExitCode);
    }

    [Fact]
    public async Task Told_to_stop_before_there_was_a_process_it_ends_well()
    {
        using var file = new TemporaryFile();
        await using RunningProcess collector = AttachedRun.Start(file, "--name", "no-process-has-this-name", "--wait");
        await Eventually.TrueAsync("a word of what it waits for", () => collector.Error.Contains("waiting for", StringComparison.Ordinal));
        // Asks for a trace, of which there is none yet.
        await RunningProcess.RunAsync("kill", ["-USR1", $"{collector.Id}"]);
        await Eventually.TrueAsync("a word of the signal", () => collector.HasExited || collector.Error.Contains("there is no target yet", StringComparison.Ordinal));
        Assert.Equal(0, (await collector.StopAsync()).ExitCode);
        await AttachedRun.RefusesAsync("has no id", Built.Collector, "attach", "--pid", "1", "--wait");
    }
}
