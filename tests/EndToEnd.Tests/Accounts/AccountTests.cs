namespace Observatory.EndToEnd.Tests;

public sealed class AccountTests
{
    private const int Iterations = 20;
    private const int Written = 2 * Iterations;

    [Fact]
    public async Task Every_iteration_is_seen_and_its_states_add_up_to_its_wall_time_to_the_nanosecond()
    {
        ObservedRun run = await ObservedRun.OfChildAsync([.. ObservedRun.SmallStudy, "--once", "--iterations", $"{Iterations}"]);

        Assert.Equal(Enumerable.Range(1, Written).Select(n => (long)n), run.Accounts.Select(account => account.Iteration));
        Assert.All(run.Accounts, account => Assert.Equal(account.Wall, account.States.Values.Sum()));
        Assert.All(run.Accounts, account => Assert.True(account.Wall > 0));
        Assert.Equal(Written, run.Iterations);
        Assert.Equal(0, run.Source("runtime")["lost"]!.GetValue<long>());

        run.NeedsKernelTier();
        Assert.Equal(0, run.Source("kernel")["lost"]!.GetValue<long>());
        Assert.All(run.Accounts, account => Assert.True(account.IsComplete));
        Assert.All(run.Accounts, account => Assert.Equal(0, account.States["unknown"]));
        Assert.All(run.Accounts, account => Assert.True(account.States["running"] > 0));
    }

    [Fact]
    public async Task Json_sums_the_accounts_up_by_configuration()
    {
        ObservedRun run = await ObservedRun.OfChildAsync([.. ObservedRun.SmallStudy, "--once", "--iterations", "3"]);
        Assert.Equal([128L, 256L], run.Configurations.Select(row => row["embedding_dim"]!.GetValue<long>()));
        foreach (var row in run.Configurations)
        {
            AccountLine[] accounts = [.. run.Accounts.Where(account => account.Dim == row["embedding_dim"]!.GetValue<long>())];
            Assert.Equal(accounts.Length, row["iterations"]!.GetValue<long>());
            Assert.Equal(accounts.Sum(account => account.Wall) / 1e9, row["wall_seconds"]!.GetValue<double>(), 9);
            Assert.All(
                row["seconds"]!.AsObject(),
                state => Assert.Equal(
                    accounts.Sum(account => account.States[state.Key]) / 1e9, state.Value!.GetValue<double>(), 9));
        }
    }

    [Fact]
    public async Task Busy_processes_beside_it_show_as_preempted_or_waking_time()
    {
        await using var busy = new BusyProcesses();
        ObservedRun run = await ObservedRun.OfChildAsync([.. ObservedRun.SmallStudy, "--once", "--iterations", $"{Iterations}"]);
        run.NeedsKernelTier();
        Assert.True(run.Seconds("preempted") + run.Seconds("waking") > 0);
        Assert.Contains(run.Json["preempted_by"]!.AsArray(), holder => holder!["command"]!.GetValue<string>() == "sh");
    }

    [Fact]
    public async Task Collections_inside_iterations_show_as_gc_time()
    {
        // Not the sweep: what it times allocates next to nothing, and a collection inside of an iteration is a matter of luck.
        using var file = new TemporaryFile();
        await using ObservedChurn churn = await ObservedChurn.StartAsync(["iterate"], "--accounts", file.Path);
        await churn.SeesAsync("observatory_iteration_time_seconds_total", "state=gc");
        await churn.Target.StopAsync();
        ObservedRun run = ObservedRun.Read(await churn.Collector.WaitAsync(Limits.Condition), file);
        Assert.True(run.Seconds("gc") > 0);
        Assert.All(run.Accounts, account => Assert.Equal(account.Wall, account.States.Values.Sum()));
    }
}
