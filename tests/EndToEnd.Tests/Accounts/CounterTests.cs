using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>The way of a group of counters from the kernel to the account, with counters that every kernel has.</summary>
public sealed class CounterTests
{
    /// <summary>/proc/stat tells of stolen time in steps of 10 ms a CPU.</summary>
    private const long Floor = 20_000_000;

    /// <summary>
    /// At a switch the scheduler's clock of a thread goes on while the group has stopped already, and goes again before the
    /// group is started: 3 to 19 us were seen for the one sleep in an iteration of 2.1 ms.
    /// </summary>
    private const double Switching = 0.03;

    [Fact]
    public async Task What_the_group_counted_of_each_iteration_is_what_the_threads_own_clock_says()
    {
        TruthRun run = await RightsRun.OfAsync(Rights.Own, Rights.Own, "--counters", "software");
        (AccountLine Account, TruthLine Truth)[] pairs = [.. run.Observed.Accounts.Join(
            run.Truths, account => account.Iteration, truth => truth.Iteration, (account, truth) => (account, truth))];
        (JsonNode Counters, TruthLine Truth)[] counted =
            [.. pairs.Where(pair => pair.Account.Json["counters"] is not null).Select(pair => (pair.Account.Json["counters"]!, pair.Truth))];
        // The first account may be closed before the first reading has come.
        Assert.InRange(counted.Length, pairs.Length - 1, pairs.Length);
        Assert.InRange(counted.Count(pair => TaskClock(pair.Counters) < pair.Truth.Inside.Cpu * (1 - Switching)), 0, pairs.Length / 100);
        // What the hypervisor takes the group counts and the thread's clock does not: the sum is a little above.
        Assert.InRange(
            counted.Sum(pair => TaskClock(pair.Counters)),
            counted.Sum(pair => pair.Truth.Inside.Cpu),
            (counted.Sum(pair => pair.Truth.Outside.Cpu) * 1.03) + Floor + run.Stolen);

        JsonNode total = run.Observed.Configurations.Single()["counters"]!;
        Assert.Equal(("software", counted.Length), (total["set"]!.GetValue<string>(), total["iterations"]!.GetValue<int>()));
        Assert.Equal(1, total["counted_share"]!.GetValue<double>());
        Assert.Equal(counted.Sum(pair => TaskClock(pair.Counters)), total["counts"]!["task_clock_ns"]!.GetValue<long>());
    }

    [Fact]
    public async Task Where_the_machine_has_none_one_line_says_so_and_nothing_is_shown()
    {
        JsonNode finding = (await RightsRun.DoctorAsync(Rights.Own))["findings"]!.AsArray()
            .Single(finding => finding!["name"]!.GetValue<string>() == "hardware counters")!;
        Assert.SkipWhen(finding["is_ok"]!.GetValue<bool>(), "Needs a machine without hardware counters.");
        Assert.NotEqual("", finding["remedy"]!.GetValue<string>());
        ObservedRun run = await ObservedRun.OfChildAsync([.. ObservedRun.SmallStudy, "--once", "--iterations", "10", "--no-limits"]);
        Assert.Single(run.Process.Error.Split('\n'), line => line.StartsWith("hardware counters: this machine has none", StringComparison.Ordinal));
        Assert.All(run.Accounts, account => Assert.Null(account.Json["counters"]));
        Assert.All(run.Configurations, row => Assert.Null(row["counters"]));
    }

    [Fact]
    public async Task A_set_that_there_is_not_is_refused_in_one_line()
    {
        FinishedProcess finished = await RunningProcess.RunAsync(Built.Collector, ["--counters", "all"]);
        Assert.Equal(2, finished.ExitCode);
        Assert.Contains("give hardware, software or none.", Assert.Single(finished.Error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private static long TaskClock(JsonNode counters) => counters["task_clock_ns"]!.GetValue<long>();
}
