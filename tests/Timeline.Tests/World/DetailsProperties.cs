using CsCheck;

namespace Observatory.Timeline.Tests;

/// <summary>
/// What stands details an account and calls itself complete is exactly what happened, whatever was lost; and sums hold
/// also where it does not.
/// </summary>
public sealed class DetailsProperties
{
    private static readonly Gen<(int Cpus, int Moves, int Seed)> Worlds =
        Gen.Select(Gen.Int[2, 4], Gen.Int[1, 600], Gen.Int[0, int.MaxValue]);

    [Fact]
    public void Where_nothing_is_lost_only_sleeps_that_last_are_in_doubt() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        Delivery delivery = Judge(world, new Delivery(world, size.Seed));
        Assert.All(delivery.Accounts, account =>
        {
            StateTimes pool = account.Details.Pool.Total;
            Assert.Equal(DetailsTruth.PoolOf(world, account).Total, pool.Total);
            Assert.Equal(account.Details.IsComplete, pool[AccountState.Unknown] == Duration.Zero);
        });
    }, iter: 1000);

    [Fact]
    public void Whatever_is_lost_what_is_called_complete_is_true() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        Losses losses = new Losses(world, size.Seed).DropOfCpus(reported: true).DropOfRuntime();
        Judge(world, new Delivery(world, size.Seed), losses.LiesInHiddenSuspension);
    }, iter: 1000);

    [Fact]
    public void Whoever_does_not_wait_claims_nothing_beside_that_is_not_true() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        int patience = size.Seed % 100;
        var limits = new TimelineLimits { MaximumHold = new Duration(patience), MaximumHeldBytes = 16 * (1 + (patience * 2)) };
        Judge(world, new Delivery(world, size.Seed, limits));
    }, iter: 1000);

    [Fact]
    public void Sums_hold_also_where_a_loss_is_not_reported() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        new Losses(world, size.Seed).DropOfCpus(reported: false);
        Judge(world, new Delivery(world, size.Seed), _ => true);
    }, iter: 1000);

    private static Delivery Judge(SimulatedWorld world, Delivery delivery, Predicate<UnitAccount>? excused = null)
    {
        foreach (UnitAccount account in delivery.Run().Accounts)
        {
            UnitDetails details = account.Details;
            Assert.All(StateTimes.States, state => Assert.True(details.Pool.Total[state] >= Duration.Zero, $"{state} of the pool is negative"));
            Assert.True(details.Pool.Total.Total >= details.Pool.Wall, "the driving thread is missing from the pool");
            Assert.Equal(account.Times[AccountState.Blocked], details.Blocked.Total);
            Assert.All(BlockedAccount.Causes, cause => Assert.True(details.Blocked[cause] >= Duration.Zero));
            if (!details.IsComplete || excused?.Invoke(account) == true) continue;
            Assert.Equal(DetailsTruth.Of(world, account), DetailsTruth.Claimed(details));
            bool isInTime = delivery.Timeline.Counters.LateSchedulerEvents == 0;
            bool knowsThreads = DetailsTruth.KnowsThreads(world, account) && isInTime;
            if (knowsThreads) Assert.Equal(DetailsTruth.OfPool(world, account), DetailsTruth.ClaimedOfPool(details));
            JudgeBlocked(world, account, details.Blocked, knowsThreads);
        }

        return delivery;
    }

    /// <summary>
    /// What another thread did is not known before an event of it that came too late, nor of one whose beginning was lost before the
    /// first event of it: that much is unexplained.
    /// </summary>
    private static void JudgeBlocked(SimulatedWorld world, UnitAccount account, BlockedAccount blocked, bool knowsThreads)
    {
        long[] claimed = [.. BlockedAccount.Causes.Select(cause => blocked[cause].Nanoseconds)];
        long[][] truths = [BlockedTruth.Of(world, account), BlockedTruth.Of(world, account, exitsFirst: true)];
        if (knowsThreads)
        {
            Assert.Contains(claimed, truths);
            return;
        }

        // A sleep of another thread whose end came too late is told as a sleep, and no more.
        foreach (BlockedFor cause in BlockedAccount.Causes.Where(cause => cause is not (BlockedFor.Unexplained or BlockedFor.Sleeping)))
            Assert.True(truths.Any(truth => claimed[(int)cause] <= truth[(int)cause]), $"{cause}: claims {claimed[(int)cause]} of {truths[0][(int)cause]} ns");
        long explained = claimed.Take((int)BlockedFor.Unexplained).Sum();
        Assert.True(truths.Any(truth => explained <= truth.Take((int)BlockedFor.Unexplained).Sum()), "claims to explain what could not be known");
    }
}

/// <summary>Blocked time is split to the nanosecond, and where nothing is lost, as it truly was.</summary>
public sealed class BlockedProperties
{
    private static readonly Gen<(int Cpus, int Moves, int Seed)> Worlds =
        Gen.Select(Gen.Int[2, 4], Gen.Int[1, 600], Gen.Int[0, int.MaxValue]);

    [Fact]
    public void Where_nothing_is_lost_it_is_charged_to_what_the_wakers_truly_did() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        foreach (UnitAccount account in new Delivery(world, size.Seed).Run().Accounts)
            Assert.Contains(Split(account), (long[][])[BlockedTruth.Of(world, account), BlockedTruth.Of(world, account, exitsFirst: true)]);
    }, iter: 1000);

    [Fact]
    public void Whatever_is_lost_the_parts_are_the_account_s_blocked_time() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        new Losses(world, size.Seed).DropOfCpus(reported: size.Seed % 2 == 0).DropOfRuntime();
        foreach (UnitAccount account in new Delivery(world, size.Seed).Run().Accounts)
        {
            Assert.Equal(account.Times[AccountState.Blocked].Nanoseconds, Split(account).Sum());
            Assert.All(Split(account), part => Assert.True(part >= 0));
        }
    }, iter: 1000);

    private static long[] Split(UnitAccount account) =>
        [.. BlockedAccount.Causes.Select(cause => account.Details.Blocked[cause].Nanoseconds)];
}
