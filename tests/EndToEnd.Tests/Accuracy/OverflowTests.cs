using Observatory.Kernel;

namespace Observatory.EndToEnd.Tests;

/// <summary>Buffers made to overflow: what cannot be known is counted and called unknown, and nothing else is.</summary>
public sealed class OverflowTests
{
    // A switch is two records of at least 40 bytes; rings have at most 16 MiB. Half as much again, to be sure.
    private const long SwitchesToFillARing = (16 << 20) / 80 * 3 / 2;

    // An iteration is two events of about 100 bytes; the session has 64 MB.
    private const long Burst = 1_000_000;

    // For a single iteration: the hypervisor may take a CPU away between two readings of one instant.
    private const long SingleTolerance = 20_000_000;

    private readonly ITestOutputHelper _log = TestContext.Current.TestOutputHelper!;

    [Fact]
    public async Task Switches_that_did_not_fit_the_rings_make_accounts_unknown_and_none_wrong()
    {
        SwitchStorm.Needed();
        using var gate = new TemporaryFile();
        await using ObservedTarget observed = await ObservedTarget.StartAsync("--gate", gate.Path, "--iterations", "100");
        await observed.HasAccountsAsync();
        Outage outage = await OverflowRingsAsync(observed.Collector);
        gate.Dispose();
        TruthRun run = await observed.WaitAsync();
        run.Observed.NeedsKernelTier();

        long lost = run.Observed.Source("kernel")["lost"]!.GetValue<long>();
        AccountLine[] blind = [.. run.Observed.Accounts.Where(account => account.Began < outage.Resumed && account.Ended > outage.Full)];
        _log.WriteLine(
            $"{run.Written} iterations, {run.Observed.Incomplete} incomplete, {blind.Length} while both rings were full; "
            + $"{lost} records lost; {Worst(run)}; {run.Observed.Json["timeline"]!.ToJsonString()}");
        Assert.True(lost > 0);
        AssertEveryIterationOnce(run);
        Assert.NotEmpty(blind);
        Assert.All(blind, account => Assert.False(account.IsComplete));
        Assert.All(blind, account => Assert.True(account.States["unknown"] > 0));

        // What calls itself complete is held to the same truth as ever: the loss did not make it wrong, nor took more with
        // it than it had to.
        AssertCompleteOnesAreTrue(run);
        Assert.All(
            run.Observed.Accounts.Where(account => account.Ended < outage.Began), account => Assert.True(account.IsComplete));
        Assert.Contains(run.Complete, pair => pair.Account.Began > outage.Resumed);
        Assert.True(run.Observed.Accounts[^1].IsComplete);
    }

    [Fact]
    public async Task Iterations_that_did_not_fit_the_event_pipe_are_counted_to_the_last_one()
    {
        using var folder = new TemporaryFile();
        string gate = folder.Path + ".gate";
        await using ObservedTarget observed =
            await ObservedTarget.StartAsync("--gate", gate, "--burst", $"{Burst}", "--iterations", "100", "--compute-us", "500");
        await observed.HasAccountsAsync();
        try
        {
            await using (await StoppedProcess.StopAsync(observed.Collector))
            {
                await File.WriteAllTextAsync(gate, "");
                await Eventually.TrueAsync(
                    "the burst", () => observed.Target.Error.Contains("through the gate", StringComparison.Ordinal));
            }
        }
        finally
        {
            File.Delete(gate);
        }

        TruthRun run = await observed.WaitAsync();
        long missing = UnitHistory.Check(run.Written, run.Observed);
        _log.WriteLine(Worst(run));

        Assert.True(missing > 0);
        Assert.True(run.Observed.Source("runtime")["lost"]!.GetValue<long>() >= missing);
        AssertCompleteOnesAreTrue(run);
    }

    private static async Task<Outage> OverflowRingsAsync(RunningProcess collector)
    {
        long began = MonotonicClock.NowNanoseconds();
        await using var storm = new SwitchStorm();
        await using (await StoppedProcess.StopAsync(collector))
        {
            await storm.SwitchedAsync(SwitchesToFillARing);
            long full = MonotonicClock.NowNanoseconds();
            // Long enough for an iteration or two of which nothing is known.
            await storm.SwitchedAsync(SwitchesToFillARing / 10);
            return new Outage(began, full, MonotonicClock.NowNanoseconds());
        }
    }

    private static void AssertEveryIterationOnce(TruthRun run)
    {
        Assert.Equal(
            Enumerable.Range(1, (int)run.Written).Select(n => (long)n), run.Observed.Accounts.Select(account => account.Iteration));
        Assert.All(run.Observed.Accounts, account => Assert.Equal(account.Wall, account.States.Values.Sum()));
    }

    private static void AssertCompleteOnesAreTrue(TruthRun run)
    {
        Assert.All(run.Complete, pair => Assert.InRange(pair.WaitedBeyondTruth, 0, SingleTolerance));
        Assert.All(
            run.Complete, pair => Assert.InRange(pair.Running, 0, pair.Truth.Outside.Cpu + run.Stolen + SingleTolerance));
    }

    private static string Worst(TruthRun run) =>
        $"{run.Complete.Count} compared, worst wait {run.Complete.Max(pair => pair.WaitedBeyondTruth) / 1e6:F3} ms beyond truth, "
        + $"worst running {run.Complete.Max(pair => pair.Running - pair.Truth.Outside.Cpu) / 1e6:F3} ms";

    /// <summary>Instants of the one clock: before it began, when every ring was full for certain, before it ended.</summary>
    private readonly record struct Outage(long Began, long Full, long Resumed);
}
