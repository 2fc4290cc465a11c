namespace Observatory.EndToEnd.Tests;

/// <summary>A program that is killed and comes back, again and again, is followed without a gap that is not counted.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Killed_and_restarted_three_times_its_counts_go_on_and_the_gaps_are_counted()
    {
        string name = $"again-{Guid.NewGuid():N}"[..15];
        int port = FreePort.Next();
        var metrics = new Uri($"http://127.0.0.1:{port}/metrics");
        using var accounts = new TemporaryFile();
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector, ["attach", "--name", name, "--wait", "--json", "--accounts", accounts.Path, "--port", $"{port}"]);
        await Eventually.TrueAsync("a word of what it waits for", () => collector.Error.Contains("waiting for", StringComparison.Ordinal));

        double gap = 0, counted = 0;
        for (int incarnation = 0; incarnation <= 3; incarnation++)
        {
            double without = await GapAsync();
            await using RunningProcess target = RunningProcess.Start(
                "bash", ["-c", "exec -a \"$0\" \"$1\" --drivers 1 --iterations 100000000 --compute-us 200", name, Built.TruthTarget]);
            int before = Lines(accounts);
            await Eventually.TrueAsync($"accounts of incarnation {incarnation}", () => Lines(accounts) > before + 100);
            Exposition scraped = await Exposition.ReadAsync(metrics);
            Assert.Equal(incarnation, scraped.Sum("observatory_target_restarts_total"));
            Assert.True(scraped.Sum("observatory_target_gap_seconds_total") > gap);
            // The collector's own account: 2 s are the aim, start of the program included; a machine that is full takes longer.
            Assert.InRange(scraped.Sum("observatory_target_gap_seconds_total")!.Value - without, 0, 10);
            Assert.True(scraped.Sum("observatory_iteration_duration_seconds_count") > counted);
            // One line in a panel, however often it came back.
            Assert.Single(scraped.Of("observatory_iteration_duration_seconds_count"));
            Assert.DoesNotContain($"{target.Id}\"", await Web.GetAsync(metrics), StringComparison.Ordinal);
            (gap, counted) = (scraped.Sum("observatory_target_gap_seconds_total")!.Value, scraped.Sum("observatory_iteration_duration_seconds_count")!.Value);
            await RunningProcess.RunAsync("kill", ["-KILL", $"{target.Id}"]);
            await Eventually.TrueAsync("the end of it", () => collector.Error.Split("the target has ended").Length == incarnation + 2);
        }

        ObservedRun run = ObservedRun.Read(await collector.StopAsync(), accounts);
        Assert.Equal(run.Accounts.Count, run.Iterations);
        // Of each incarnation all from the first that it saw up to where it was killed: numbers begin anew, and none is left out.
        long[] numbers = [.. run.Accounts.Select(account => account.Iteration)];
        Assert.Equal(4, numbers.Count(number => number == 1));
        Assert.All(numbers.Zip(numbers.Skip(1)), pair => Assert.True(pair.Second == pair.First + 1 || pair.Second == 1, $"{pair}"));

        async Task<double> GapAsync() => (await Exposition.ReadAsync(metrics)).Sum("observatory_target_gap_seconds_total")!.Value;
    }

    [Fact]
    public async Task A_program_that_ends_at_once_again_and_again_costs_some_lines_and_nothing_else()
    {
        string name = $"loop-{Guid.NewGuid():N}"[..15];
        using var accounts = new TemporaryFile();
        await using RunningProcess collector = AttachedRun.Start(accounts, "--name", name, "--wait");
        await Eventually.TrueAsync("a word of what it waits for", () => collector.Error.Contains("waiting for", StringComparison.Ordinal));
        await using (RunningProcess loop = RunningProcess.Start(
            "bash", ["-c", "for n in $(seq 30); do timeout -s KILL 0.3 bash -c 'exec -a \"$0\" \"$1\" --drivers 1' \"$0\" \"$1\"; done; echo done", name, Built.TruthTarget]))
        {
            await Eventually.TrueAsync("the end of the loop", () => loop.Output.Contains("done", StringComparison.Ordinal));
        }

        await using RunningProcess target = RunningProcess.Start(
            "bash", ["-c", "exec -a \"$0\" \"$1\" --drivers 1 --iterations 100000000 --compute-us 200", name, Built.TruthTarget]);
        await Eventually.TrueAsync("accounts of the one that stays", () => Lines(accounts) > 100);
        FinishedProcess finished = await collector.StopAsync();
        Assert.Equal(0, finished.ExitCode);
        Assert.DoesNotContain("   at ", finished.Error, StringComparison.Ordinal);
    }

    private static int Lines(TemporaryFile file) => File.Exists(file.Path) ? File.ReadLines(file.Path).Count() : 0;
}
