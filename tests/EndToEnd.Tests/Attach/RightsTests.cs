using System.Globalization;

namespace Observatory.EndToEnd.Tests;

/// <summary>
/// What is seen with which rights, against the books that the target's driving thread keeps: at every tier the states
/// add up to the wall time, and what is called running is what the thread's CPU clock says.
/// </summary>
public sealed class RightsTests
{
    private const double Tolerance = 0.03;
    private const long Floor = 20_000_000;

    private readonly ITestOutputHelper _log = TestContext.Current.TestOutputHelper!;

    [Fact]
    public async Task Root_sees_everything()
    {
        Assert.SkipUnless(await RightsRun.DoctorsTierAsync(Rights.Own) == "kernel", "Needs the kernel tier.");
        TruthRun run = await RightsRun.OfAsync(Rights.Own, Rights.Own);
        AssertTruth(run, "kernel", atLeastComplete: 0.99);
    }

    [Fact]
    public async Task Nobody_sees_the_switches_of_own_threads_and_the_counters_tell_waking_from_blocked()
    {
        await Rights.NeedsToDropThemAsync();
        Assert.SkipUnless(ParanoidLevel <= 2, $"Needs perf_event_paranoid 2 or less; it is {ParanoidLevel}.");
        TruthRun run = await RightsRun.OfAsync(Rights.Nobody, Rights.Nobody, "--tier", "thread");
        AssertTruth(run, "thread", atLeastComplete: 0.9);
        AssertWaited(run);
        Assert.NotNull(run.Observed.Seconds("waking"));
    }

    [Fact]
    public async Task A_new_thread_leaves_the_accounts_of_the_driving_thread_alone()
    {
        Assert.SkipUnless(await RightsRun.DoctorsTierAsync(Rights.Own) is "thread" or "kernel", "Needs the thread tier.");
        // Some seconds, with two new threads in each.
        TruthRun run = await RightsRun.OfAsync(
            Rights.Own, Rights.Own, ["--iterations", "1000", "--begin-every-ms", "500"], ["--tier", "thread"]);
        _log.WriteLine(run.Summary());
        // One in eight is lost where a new thread makes all others unknown; here only those that sleep just then.
        Assert.InRange(run.Complete.Count, 900, 1000);
        Assert.All(run.Observed.Accounts, account => Assert.Equal(account.Wall, account.States.Values.Sum()));
        AssertWaited(run);
    }

    [Fact]
    public async Task Cap_perfmon_alone_gives_the_tier_that_the_doctor_promises()
    {
        await Rights.NeedsToDropThemAsync();
        Rights perfmon = Rights.NobodyWith("perfmon");
        string promised = await RightsRun.DoctorsTierAsync(perfmon);
        Assert.Contains(promised, (string[])["thread", "kernel"]);
        TruthRun run = await RightsRun.OfAsync(Rights.Nobody, perfmon);
        AssertTruth(run, promised, atLeastComplete: 0.9);
        AssertWaited(run);
    }

    [Fact]
    public async Task Where_the_kernel_refuses_every_event_the_counters_make_complete_accounts()
    {
        await Rights.NeedsToDropThemAsync();
        Assert.SkipUnless(ParanoidLevel >= 2, $"Needs perf_event_paranoid 2 or more; it is {ParanoidLevel}.");
        // A target with a capability that its observer lacks is closed to it: no event may be opened on its threads, as
        // on no thread at all where perf_event_paranoid is 3.
        TruthRun run = await RightsRun.OfAsync(Rights.NobodyWith("sys_nice"), Rights.Nobody);
        AssertTotals(run);
        Assert.Contains("tier thread: ", run.Observed.Process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tier_procfs_can_be_asked_for() =>
        AssertTotals(await RightsRun.OfAsync(Rights.Own, Rights.Own, "--tier", "procfs"));

    private static int ParanoidLevel =>
        int.Parse(File.ReadAllText("/proc/sys/kernel/perf_event_paranoid"), CultureInfo.InvariantCulture);

    private void AssertTotals(TruthRun run)
    {
        AssertTruth(run, "procfs", atLeastComplete: 1);
        AssertWaited(run);
        Assert.Null(run.Observed.Seconds("waking"));
        // Both sides read the same clock: one by one, the account lies between the readings inside and outside of its marks.
        // Where the two clocks of an account do not agree with its wall time, running gives way: by microseconds.
        int off = run.Complete.Count(pair =>
            pair.Running < pair.Truth.Inside.Cpu - 100_000 || pair.Running > pair.Truth.Outside.Cpu);
        Assert.InRange(off, 0, RightsRun.Iterations / 100);
    }

    private void AssertTruth(TruthRun run, string tier, double atLeastComplete)
    {
        _log.WriteLine(run.Summary());
        Assert.Equal(tier, run.Observed.Source("kernel")["tier"]!.GetValue<string>());
        Assert.Equal(
            Enumerable.Range(1, RightsRun.Iterations).Select(n => (long)n), run.Observed.Accounts.Select(account => account.Iteration));
        Assert.All(run.Observed.Accounts, account => Assert.Equal(account.Wall, account.States.Values.Sum()));
        Assert.InRange(run.Complete.Count, RightsRun.Iterations * atLeastComplete, RightsRun.Iterations);
        double inside = run.Complete.Sum(pair => pair.Truth.Inside.Cpu), outside = run.Complete.Sum(pair => pair.Truth.Outside.Cpu);
        Assert.InRange(
            run.Complete.Sum(pair => pair.Running),
            (inside * (1 - Tolerance)) - Floor,
            (outside * (1 + Tolerance)) + Floor + run.Stolen);
    }

    /// <summary>All waiting for a CPU, whatever it is called at the tier.</summary>
    private static void AssertWaited(TruthRun run) => Assert.InRange(
        run.Complete.Sum(pair => pair.Waited),
        (run.Complete.Sum(pair => pair.Truth.Inside.Waited) * (1 - Tolerance)) - Floor,
        (run.Complete.Sum(pair => pair.Truth.Outside.Waited) * (1 + Tolerance)) + Floor);
}
