using Observatory.Kernel;

namespace Observatory.EndToEnd.Tests;

/// <summary>Whatever happens to the target, each of its iterations is reported or declared lost, to the last one.</summary>
public sealed class HistoryTests
{
    [Fact]
    public async Task A_target_that_stands_still_for_a_while_loses_nothing()
    {
        await using ObservedTarget observed = await ObservedTarget.StartAsync("--drivers", "2", "--iterations", "3000", "--compute-us", "200");
        await observed.HasAccountsAsync();
        long began = MonotonicClock.NowNanoseconds();
        await using (await StoppedProcess.StopAsync(observed.Target)) await Task.Delay(1500, TestContext.Current.CancellationToken);
        long ended = MonotonicClock.NowNanoseconds();
        TruthRun run = await observed.WaitAsync();

        Assert.Equal(0, UnitHistory.Check(run.Written, run.Observed));
        Assert.Contains(run.Observed.Accounts, account => account.Began < ended && account.Ended > began && account.Wall > 1_000_000_000);
    }

    [Fact]
    public async Task A_target_that_is_killed_is_reported_up_to_where_its_stream_broke_off()
    {
        using var accounts = new TemporaryFile();
        await using RunningProcess target = RunningProcess.Start(
            Built.TruthTarget, ["--drivers", "1", "--iterations", "100000000", "--compute-us", "200"]);
        await AttachedRun.ListedAsync(target.Id);
        await using RunningProcess collector = RunningProcess.Start(
            Built.Collector, ["attach", "--pid", $"{target.Id}", "--json", "--accounts", accounts.Path, "--port", "0"]);
        await Eventually.TrueAsync("accounts", () => File.ReadLines(accounts.Path).Count() > 500);

        await RunningProcess.RunAsync("kill", ["-KILL", $"{target.Id}"]);

        UnitHistory.CheckCut(500, ObservedRun.Read(await collector.WaitAsync(Limits.Condition), accounts));
    }

    [Fact]
    public async Task A_thousand_driving_threads_are_each_reported()
    {
        await using ObservedTarget observed = await ObservedTarget.StartAsync("--drivers", "1000", "--iterations", "10", "--compute-us", "20");
        TruthRun run = await observed.WaitAsync();

        Assert.Equal(10_000, run.Written);
        Assert.Equal(0, UnitHistory.Check(run.Written, run.Observed));
        Assert.Equal(1000, run.Observed.Accounts.Select(account => account.Json["thread"]!.GetValue<int>()).Distinct().Count());
    }

    [Fact]
    public async Task Threads_and_processes_that_come_and_go_beside_it_take_no_iteration_along()
    {
        await using RunningProcess churn = RunningProcess.Start("sh", ["-c", "while :; do /bin/true; done"]);
        await using ObservedTarget observed = await ObservedTarget.StartAsync(
            "--iterations", "1500", "--compute-us", "200", "--block-us", "50", "--begin-every-ms", "1");
        TruthRun run = await observed.WaitAsync();

        Assert.Equal(0, UnitHistory.Check(run.Written, run.Observed));
    }

    [Fact]
    public async Task As_many_iterations_a_second_as_a_thread_can_mark_are_reported_or_declared_lost()
    {
        const int Burst = 100_000;
        using var folder = new TemporaryFile();
        string gate = folder.Path + ".gate";
        await using ObservedTarget observed =
            await ObservedTarget.StartAsync("--gate", gate, "--burst", $"{Burst}", "--iterations", "10", "--compute-us", "500");
        await observed.HasAccountsAsync();
        try
        {
            await File.WriteAllTextAsync(gate, "", TestContext.Current.CancellationToken);
            await Eventually.TrueAsync("the burst", () => observed.Target.Error.Contains("through the gate", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(gate);
        }

        TruthRun run = await observed.WaitAsync();
        UnitHistory.Check(run.Written, run.Observed);
        AccountLine[] fast = [.. run.Observed.Accounts.Where(account => account.Wall < 100_000)];
        double seconds = (fast[^1].Ended - fast[0].Began) / 1e9;
        TestContext.Current.TestOutputHelper!.WriteLine($"{fast.Length / seconds:F0} iterations a second");
    }
}
