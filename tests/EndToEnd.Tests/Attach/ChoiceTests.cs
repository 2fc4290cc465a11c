namespace Observatory.EndToEnd.Tests;

public sealed class ChoiceTests
{
    [Fact]
    public async Task Exactly_one_way_of_choosing_is_taken()
    {
        await AttachedRun.RefusesAsync("given none", Built.Collector, "attach");
        await AttachedRun.RefusesAsync("--pid and --name", Built.Collector, "attach", "--pid", "1", "--name", "x");
        await AttachedRun.RefusesAsync("is named 'no-such-program'", Built.Collector, "attach", "--name", "no-such-program");
    }

    [Fact]
    public async Task Two_collectors_see_the_same_iterations_and_one_that_is_killed_can_come_back()
    {
        await using RunningProcess workload = RunningProcess.Start(Built.Workload, AttachedRun.Sweep);
        await AttachedRun.ListedAsync(workload.Id);
        using var first = new TemporaryFile();
        using var second = new TemporaryFile();
        using var third = new TemporaryFile();
        await using RunningProcess one = AttachedRun.Start(first, "--pid", $"{workload.Id}");
        await using RunningProcess two = AttachedRun.Start(second, "--pid", $"{workload.Id}");
        await using RunningProcess killed = AttachedRun.Start(third, "--pid", $"{workload.Id}");
        foreach (TemporaryFile file in (TemporaryFile[])[first, second, third]) await AttachedRun.AccountsAsync(file);
        await RunningProcess.RunAsync("kill", ["-KILL", $"{killed.Id}"]);
        using var fourth = new TemporaryFile();
        await using RunningProcess back = AttachedRun.Start(fourth, "--pid", $"{workload.Id}");
        await AttachedRun.AccountsAsync(fourth);
        await workload.StopAsync();
        ObservedRun[] runs =
        [
            ObservedRun.Read(await one.WaitAsync(Limits.Condition), first),
            ObservedRun.Read(await two.WaitAsync(Limits.Condition), second),
            ObservedRun.Read(await back.WaitAsync(Limits.Condition), fourth),
        ];
        // Each saw every iteration from its first to the last, once. Lines are in order within a configuration only: one that
        // was running when a collector came is declared up to a second later (docs/json.md).
        long[][] iterations = [.. runs.Select(run => run.Accounts.Select(account => account.Iteration).Order().ToArray())];
        Assert.All(iterations, seen => Assert.Equal(iterations[0][^1], seen[^1]));
        Assert.All(iterations, seen => Assert.Equal(Enumerable.Range(0, seen.Length).Select(ordinal => seen[0] + ordinal), seen));
    }

    [Fact]
    public async Task A_process_without_marks_is_observed_and_the_end_says_why_there_is_no_table()
    {
        // These tests are a .NET process, and mark nothing.
        FinishedProcess finished = await RunningProcess.RunAsync(
            Built.Collector, ["attach", "--pid", $"{Environment.ProcessId}", "--duration", "2s", "--no-live", "--port", "0"]);
        Assert.Equal(0, finished.ExitCode);
        Assert.Contains("runtime: eventpipe", finished.Output, StringComparison.Ordinal);
        Assert.Contains("docs/attach.md", finished.Output, StringComparison.Ordinal);
    }
}
