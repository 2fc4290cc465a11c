using CsCheck;

namespace Observatory.Timeline.Tests;

/// <summary>Whatever gets lost, an account that claims to be complete is the truth, and all accounts add up.</summary>
public sealed class LossProperties
{
    private static readonly Gen<(int Cpus, int Moves, int Seed)> Worlds =
        Gen.Select(Gen.Int[2, 4], Gen.Int[1, 600], Gen.Int[0, int.MaxValue]);

    [Fact]
    public void A_reported_loss_never_leaves_a_wrong_account_complete() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        Losses losses = new Losses(world, size.Seed).DropOfCpus(reported: true).DropOfRuntime();
        Judge(world, new Delivery(world, size.Seed) { Excused = losses.LiesInHiddenSuspension });
    }, iter: 2000);

    /// <summary>
    /// Worlds of which there is one in some ten or hundred thousand. The end of a thread is lost in a suspension or while another one leads,
    /// and a third gets its number at once; or a thread comes unseen, works on a request, and exits without an id.
    /// </summary>
    [Theory]
    [InlineData(3, 584, 1494293716)]
    [InlineData(4, 386, 754067317)]
    [InlineData(2, 456, 1028992098)]
    [InlineData(2, 317, 1829376183)]
    [InlineData(2, 402, 1509555135)]
    [InlineData(3, 290, 1548807490)]
    public void A_request_that_a_thread_left_unseen_is_incomplete(int cpus, int moves, int seed)
    {
        var world = new SimulatedWorld(cpus, moves, seed);
        Losses losses = new Losses(world, seed).DropOfCpus(reported: true).DropOfRuntime();
        Judge(world, new Delivery(world, seed) { Excused = losses.LiesInHiddenSuspension });
    }

    [Fact]
    public void A_loss_that_is_not_reported_is_found_wherever_a_chain_breaks() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        Losses losses = new Losses(world, size.Seed).DropOfCpus(reported: false);
        Delivery? delivery = null;
        delivery = new Delivery(world, size.Seed) { Excused = account => losses.AreHiddenFrom(account, delivery!), JudgesUnits = false };
        Judge(world, delivery);
    }, iter: 2000);

    [Fact]
    public void A_timeline_that_does_not_wait_claims_nothing_it_has_not_seen() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        int patience = size.Seed % 100;
        var limits = new TimelineLimits { MaximumHold = new Duration(patience), MaximumHeldBytes = 16 * (1 + (patience * 2)) };
        Judge(world, new Delivery(world, size.Seed, limits));
    }, iter: 2000);

    [Fact]
    public void Where_records_become_visible_too_late_no_account_stays_wrong_and_undoubted()
    {
        int wrong = 0;
        Worlds.Sample(size =>
        {
            var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
            Delivery delivery = new Delivery(world, size.Seed) { Overclaimed = 200 }.Run();
            Interlocked.Add(ref wrong, delivery.WrongUnits.Count);
            if (delivery.WrongUnits.Count > delivery.Timeline.Counters.UnitsDoubted)
                Assert.Fail($"{delivery.Timeline.Counters.UnitsDoubted} doubted, but wrong are\n{string.Join('\n', delivery.Wrong)}");
        }, iter: 1000);
        Assert.True(wrong > 20, $"{wrong} accounts were wrong");
    }

    [Fact]
    public void A_wake_up_that_is_not_recorded_makes_no_state_wrong_but_the_waking_at_the_end_of_the_sleep()
    {
        long inferred = 0;
        Worlds.Sample(size =>
        {
            var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
            new Losses(world, size.Seed).DropWakeUps();
            Delivery delivery = new Delivery(world, size.Seed).Run();
            Interlocked.Add(ref inferred, delivery.Timeline.Counters.InferredWakeUps);
            foreach (UnitAccount account in delivery.Accounts.Where(account => account.IsComplete))
            {
                StateTimes truth = world.TruthOf(account), told = account.Times;
                Assert.Equal(truth[AccountState.Running], told[AccountState.Running]);
                Assert.Equal(truth[AccountState.Preempted], told[AccountState.Preempted]);
                Assert.Equal(truth[AccountState.Gc], told[AccountState.Gc]);
                Assert.Equal(Duration.Zero, told[AccountState.Unknown]);
            }
        }, iter: 1000);
        Assert.True(inferred > 1000);
    }

    private static void Judge(SimulatedWorld world, Delivery delivery)
    {
        TimelineCounters counters = delivery.Run().Timeline.Counters;
        Assert.Empty(delivery.Wrong);
        Assert.All(delivery.Accounts, account => Assert.Equal(account.Wall, account.Times.Total));
        Assert.All(delivery.Accounts, account => Assert.All(StateTimes.States, state => Assert.True(account.Times[state] >= Duration.Zero)));
        Assert.Equal(delivery.Accounts.Count, counters.IterationsClosed);
        Assert.Equal(delivery.Accounts.Count(account => !account.IsComplete), counters.IterationsIncomplete);
        Assert.Equal(Read(world, EventKind.IterationBegan), counters.IterationsClosed + counters.EndsMissing);
        Assert.Equal(Read(world, EventKind.IterationEnded), counters.IterationsClosed + counters.BeginningsMissing);
        Assert.Equal(0, delivery.Timeline.Held);
    }

    private static int Read(SimulatedWorld world, EventKind kind) =>
        world.Runtime.Count(written => !written.Lost && written.Event.Kind == kind);
}
