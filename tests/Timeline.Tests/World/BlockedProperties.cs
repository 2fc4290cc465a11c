using CsCheck;

namespace Observatory.Timeline.Tests;

/// <summary>Blocked time is split to the nanosecond, and where nothing is lost, as it truly was.</summary>
public sealed class BlockedProperties
{
    private static readonly Gen<(int Cpus, int Moves, int Seed)> Worlds =
        Gen.Select(Gen.Int[2, 4], Gen.Int[1, 600], Gen.Int[0, int.MaxValue]);

    [Fact]
    public void Where_nothing_is_lost_it_is_charged_to_what_the_wakers_truly_did() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        foreach (IterationAccount account in new Delivery(world, size.Seed).Run().Accounts)
            Assert.Equal(BlockedTruth.Of(world, account), Split(account));
    }, iter: 1000);

    [Fact]
    public void Whatever_is_lost_the_parts_are_the_account_s_blocked_time() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        new Losses(world, size.Seed).DropOfCpus(reported: size.Seed % 2 == 0).DropOfRuntime();
        foreach (IterationAccount account in new Delivery(world, size.Seed).Run().Accounts)
        {
            Assert.Equal(account.Times[AccountState.Blocked].Nanoseconds, Split(account).Sum());
            Assert.All(Split(account), part => Assert.True(part >= 0));
        }
    }, iter: 1000);

    private static long[] Split(IterationAccount account) =>
        [.. BlockedAccount.Causes.Select(cause => account.Details.Blocked[cause].Nanoseconds)];
}
