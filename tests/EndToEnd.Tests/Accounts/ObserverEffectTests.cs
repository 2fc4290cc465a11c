namespace Observatory.EndToEnd.Tests;

/// <summary>Pauses of observation beside a real sweep: declared, and nothing else follows from them.</summary>
public sealed class ObserverEffectTests
{
    [Fact]
    public async Task What_overlaps_a_pause_is_incomplete_for_that_reason_and_nothing_is_lost()
    {
        using var file = new TemporaryFile();
        FinishedProcess finished = await RunningProcess.RunAsync(
            Built.Collector,
            ["--json", "--accounts", file.Path, "--traces", "none", "--port", "0", "--observer-effect", "2s", "--duration", "5s", "--", "--port", "0", .. ObservedRun.SmallStudy]);
        ObservedRun run = ObservedRun.Read(finished, file);
        run.NeedsKernelTier();

        var effect = run.Json["observer_effect"]!;
        int pauses = effect["pauses"]!.GetValue<int>();
        Assert.True(pauses > 0, $"{effect}");
        Assert.Null(effect["ratio"]);
        Assert.NotEmpty(effect["inconclusive"]!.GetValue<string>());

        Assert.All(run.Accounts, account => Assert.Equal(account.Wall, account.States.Values.Sum()));
        AccountLine[] paused = [.. run.Accounts.Where(account => !account.IsComplete)];
        Assert.NotEmpty(paused);
        Assert.All(paused, account => Assert.Contains("paused", account.IncompleteBecause));
        // Before a pause and after one: pauses end.
        Assert.InRange(Stretches(run.Accounts, complete: true), 2, int.MaxValue);
        Assert.Equal(0, run.Source("kernel")["lost"]!.GetValue<long>());
        Assert.Equal(0, run.Source("runtime")["lost"]!.GetValue<long>());
        Assert.Equal((0, 0), (Counted("chain_breaks"), Counted("contradictions")));

        long Counted(string what) => run.Json["timeline"]![what]!.GetValue<long>();
    }

    [Fact]
    public async Task A_time_in_which_no_unit_fits_is_refused() =>
        await AttachedRun.RefusesAsync("--observer-effect is shorter than 1 s", Built.Collector, "--observer-effect", "500ms");

    /// <summary>Accounts one after the other that are all complete, or all incomplete, count as one.</summary>
    private static int Stretches(IReadOnlyList<AccountLine> accounts, bool complete) =>
        accounts.Where((account, at) => account.IsComplete == complete && (at == 0 || accounts[at - 1].IsComplete != complete)).Count();
}
