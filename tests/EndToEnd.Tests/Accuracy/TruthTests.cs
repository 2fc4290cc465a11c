namespace Observatory.EndToEnd.Tests;

/// <summary>
/// The accounts of a thousand iterations against the kernel's own counters of the driving thread, which are kept by
/// other code than the records the accounts are made of. docs/accuracy.md says what the bounds are made of.
/// </summary>
public sealed class TruthTests
{
    private const int Iterations = 1000;
    private const double Tolerance = 0.03;
    private const long Floor = 20_000_000;

    // From the decision to wake a thread until it is in a run queue: the account counts it as waking, run_delay does not.
    private const long WakePath = 100_000;

    private readonly ITestOutputHelper _log = TestContext.Current.TestOutputHelper!;

    [Fact]
    public async Task Under_cpu_hogs_the_wait_for_a_cpu_is_the_kernels_run_delay()
    {
        await using var busy = new BusyProcesses();
        TruthRun run = await RunAsync();
        run.Observed.NeedsKernelTier();
        AssertComplete(run);
        AssertWaited(run, Floor);
        AssertRunning(run);
    }

    [Fact]
    public async Task On_a_machine_of_its_own_too_when_the_way_into_the_run_queue_is_counted()
    {
        TruthRun run = await RunAsync();
        run.Observed.NeedsKernelTier();
        AssertComplete(run);
        AssertWaited(run, Floor + (WakePath * run.Complete.Sum(pair => pair.Truth.Inside.Voluntary)));
        AssertRunning(run);
    }

    private async Task<TruthRun> RunAsync()
    {
        await using ObservedTarget observed = await ObservedTarget.StartAsync("--iterations", $"{Iterations}");
        TruthRun run = await observed.WaitAsync();
        _log.WriteLine(run.Summary());
        return run;
    }

    /// <summary>Every iteration is there, is whole, and lies on one clock with the target's own readings.</summary>
    private static void AssertComplete(TruthRun run)
    {
        Assert.Equal(
            Enumerable.Range(1, Iterations).Select(n => (long)n), run.Observed.Accounts.Select(account => account.Iteration));
        // One account of one run in a dozen was incomplete on a loaded machine, and its reason was not caught. That is not a
        // wrong account, so a few are let through; the summary in the log says why they are incomplete.
        Assert.InRange(run.Complete.Count, Iterations * 99 / 100, Iterations);
        Assert.All(run.Complete, pair =>
        {
            Assert.Equal(pair.Account.Wall, pair.Account.States.Values.Sum());
            Assert.InRange(pair.Account.Wall, pair.Truth.Inside.Wall, pair.Truth.Outside.Wall);
        });
    }

    private static void AssertWaited(TruthRun run, long allowance)
    {
        double waited = run.Complete.Sum(pair => pair.Waited);
        double inside = run.Complete.Sum(pair => pair.Truth.Inside.Waited);
        double outside = run.Complete.Sum(pair => pair.Truth.Outside.Waited);
        Assert.InRange(waited, (inside * (1 - Tolerance)) - Floor, (outside * (1 + Tolerance)) + allowance);

        // One by one: a few may be off by what the hypervisor took between the kernel's own two clock readings, and more than a few
        // only where it took at least as much as they are off together.
        double[] off = [.. run.Complete.Where(pair => pair.WaitedBeyondTruth > 5 * WakePath * (1 + pair.Truth.Outside.Slices)).Select(pair => (double)pair.WaitedBeyondTruth)];
        if (off.Length > Iterations / 100) Assert.InRange(off.Sum(), 0, run.Stolen);
    }

    /// <summary>
    /// A thread that runs is charged what the hypervisor takes from its CPU, which the kernel leaves out of its clock.
    /// </summary>
    private static void AssertRunning(TruthRun run)
    {
        double running = run.Complete.Sum(pair => pair.Running);
        double inside = run.Complete.Sum(pair => pair.Truth.Inside.Cpu);
        double outside = run.Complete.Sum(pair => pair.Truth.Outside.Cpu);
        Assert.InRange(running, (inside * (1 - Tolerance)) - Floor, (outside * (1 + Tolerance)) + Floor + run.Stolen);
    }
}
