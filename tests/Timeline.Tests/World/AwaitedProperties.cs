using CsCheck;

namespace Observatory.Timeline.Tests;

/// <summary>What requests waited for, by the operation that was under way, against what they truly waited for.</summary>
public sealed class AwaitedProperties
{
    private static readonly Gen<(int Cpus, int Moves, int Seed)> Worlds =
        Gen.Select(Gen.Int[2, 4], Gen.Int[1, 600], Gen.Int[0, int.MaxValue]);

    [Fact]
    public void The_parts_of_awaiting_are_the_truth()
    {
        long explained = 0;
        Worlds.Sample(size =>
        {
            var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed, hasOperations: true);
            Delivery delivery = new Delivery(world, size.Seed).Run();
            Assert.Empty(delivery.Wrong);
            foreach (UnitAccount unit in delivery.Units)
            {
                AssertAddsUp(unit);
                AwaitedTimes truth = TruthOf(world, unit);
                Assert.All(AwaitedTimes.Kinds, kind => Assert.Equal(truth[kind], unit.Details.Awaited[kind]));
                Interlocked.Add(ref explained, (truth.Total - truth[AwaitedFor.Other]).Nanoseconds);
            }
        }, iter: 500);
        Assert.True(explained > 1000, $"{explained} ns of operations");
    }

    [Fact]
    public void After_a_loss_nothing_counts_for_an_operation_that_was_not_under_way()
    {
        long unknown = 0;
        Worlds.Sample(size => Interlocked.Add(ref unknown, JudgeLosses(size.Cpus, size.Moves, size.Seed)), iter: 1000);
        Assert.True(unknown > 1000, $"{unknown} ns were unknown");
    }

    /// <summary>One world in some ten thousand: the request begins inside a loss, and so does what it waits for.</summary>
    [Fact]
    public void What_a_request_waits_for_that_began_inside_a_loss_is_unknown() => JudgeLosses(cpus: 4, moves: 338, seed: 1902691814);

    /// <returns>Nanoseconds of which is not known what requests waited for.</returns>
    private static long JudgeLosses(int cpus, int moves, int seed)
    {
        long unknown = 0;
        var world = new SimulatedWorld(cpus, moves, seed, hasOperations: true);
        Losses losses = new Losses(world, seed);
        losses = seed % 2 == 0 ? losses.DropOperations() : losses.DropOfRuntime().DropOfCpus(reported: true);
        Delivery delivery = new Delivery(world, seed) { Excused = losses.LiesInHiddenSuspension }.Run();
        Assert.Empty(delivery.Wrong);
        foreach (UnitAccount unit in delivery.Units)
        {
            AssertAddsUp(unit);
            AwaitedTimes truth = world.UnderWay(new UnitId(unit.Kind, unit.Iteration)), told = unit.Details.Awaited;
            unknown += told[AwaitedFor.Unknown].Nanoseconds;
            if (unit.IsComplete) Assert.Equal(Duration.Zero, told[AwaitedFor.Unknown]);
            foreach (AwaitedFor kind in AwaitedTimes.Kinds)
            {
                if (kind != AwaitedFor.Unknown) Assert.True(told[kind] <= truth[kind], $"{unit}: {kind} {told[kind]}, truly {truth[kind]}");
            }
        }

        return unknown;
    }

    private static AwaitedTimes TruthOf(SimulatedWorld world, in UnitAccount unit) => world.AwaitedBy(new UnitId(unit.Kind, unit.Iteration));

    private static void AssertAddsUp(in UnitAccount unit)
    {
        Assert.Equal(unit.Times[AccountState.Awaiting], unit.Details.Awaited.Total);
        foreach (AwaitedFor kind in AwaitedTimes.Kinds) Assert.True(unit.Details.Awaited[kind] >= Duration.Zero);
    }
}
