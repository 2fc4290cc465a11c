using CsCheck;

namespace Observatory.Timeline.Tests;

/// <summary>Where everything gets through, however late and in whatever batches, accounts are the truth.</summary>
public sealed class LosslessProperties
{
    private static readonly Gen<(int Cpus, int Moves, int Seed)> Worlds =
        Gen.Select(Gen.Int[2, 4], Gen.Int[1, 600], Gen.Int[0, int.MaxValue]);

    [Fact]
    public void Every_account_is_complete_and_true()
    {
        int handOvers = 0;
        Worlds.Sample(world =>
        {
            Delivery delivery = Run(world);
            Interlocked.Add(ref handOvers, delivery.HandOvers);
            Assert.True(delivery.Wrong.Count == 0, string.Join('\n', delivery.Wrong));
            Assert.All(delivery.Accounts, account => Assert.True(account.IsComplete));
            // A request may end while a thread that works on it sleeps: whether that was woken before, only its next switch would tell.
            Assert.All(delivery.Units, account => Assert.True(account.Reasons is IncompleteReasons.None or IncompleteReasons.UnseenWakeUp));
            Assert.All(delivery.Units, account => Assert.Equal(account.IsComplete, account.Times[AccountState.Unknown] == Duration.Zero));
            Assert.All(delivery.Accounts, account => Assert.Equal(account.Wall, account.Times.Total));
        }, iter: 1000);
        Assert.True(handOvers > 1000, $"{handOvers} hand-overs");
    }

    [Fact]
    public void Units_that_move_between_threads_and_overlap_are_told_truly()
    {
        int moved = 0;
        Worlds.Sample(size =>
        {
            Delivery delivery = Run(size);
            Assert.True(delivery.Wrong.Count == 0, string.Join('\n', delivery.Wrong));
            Assert.Equal(delivery.Units.Count, delivery.Timeline.Counters.UnitsClosed);
            Interlocked.Add(ref moved, delivery.Units.Count(unit => unit.Segments > 1));
        }, iter: 300);
        Assert.True(moved > 100);
    }

    [Fact]
    public void Every_wait_for_a_cpu_is_reported_at_its_true_length() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        Assert.Equal(world.Waits.Order(), new Delivery(world, size.Seed).Run().Waits.Order());
    }, iter: 300);

    [Fact]
    public void Whoever_held_the_cpu_during_a_wait_is_charged_exactly() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        Delivery delivery = new Delivery(world, size.Seed).Run();
        Assert.Equal(world.Waits.Sum(wait => wait.Nanoseconds), delivery.Held.Values.Sum());
        Assert.Equal(world.Held.OrderBy(held => held.Key), delivery.Held.OrderBy(held => held.Key));
    }, iter: 300);

    [Fact]
    public void Nothing_looks_like_a_loss() => Worlds.Sample(world =>
    {
        TimelineCounters counters = Run(world).Timeline.Counters;
        Assert.Equal(0, counters.ChainBreaks + counters.Contradictions + counters.BeginningsMissing);
        Assert.Equal(0, counters.LateRuntimeEvents + counters.LateSchedulerEvents + counters.IterationsIncomplete + counters.UnitsDoubted);
    }, iter: 300);

    [Fact]
    public void Nothing_is_held_after_the_end_and_exited_threads_are_forgotten() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        Timeline timeline = new Delivery(world, size.Seed).Run().Timeline;
        Assert.Equal(0, timeline.Held);
        Assert.Equal(world.ThreadsAlive, timeline.Threads);
    }, iter: 300);

    private static Delivery Run((int Cpus, int Moves, int Seed) size) =>
        new Delivery(new SimulatedWorld(size.Cpus, size.Moves, size.Seed), size.Seed).Run();
}
