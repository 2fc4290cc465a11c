using CsCheck;

namespace Observatory.Timeline.Tests;

public sealed class CounterSplitTests
{
    [Fact]
    public void Of_all_waiting_what_was_not_preempted_is_taken_out_of_blocked()
    {
        UnitAccount account = Account((AccountState.Running, 50), (AccountState.Preempted, 20), (AccountState.Blocked, 30));
        Is(CounterSplit.SplitBlocked(account, Counted(running: 50, waited: 25)), "running 50 preempted 20 waking 5 blocked 25");
    }

    [Theory]
    [InlineData(15, "preempted 20 blocked 30")]
    [InlineData(80, "preempted 20 waking 30")]
    public void Waking_is_never_below_nothing_and_never_more_than_was_blocked(long waited, string expected)
    {
        UnitAccount account = Account((AccountState.Preempted, 20), (AccountState.Blocked, 30));
        Is(CounterSplit.SplitBlocked(account, Counted(running: 0, waited)), expected);
    }

    [Fact]
    public void Totals_alone_make_running_preempted_and_blocked()
    {
        UnitAccount made = CounterSplit.Replace(Account((AccountState.Unknown, 100)), Counted(running: 60, waited: 15));
        Is(made, "running 60 preempted 15 blocked 25");
        Assert.True(made.IsComplete);
    }

    [Theory]
    [InlineData(10, "gc 10 running 60 preempted 15 blocked 15")]
    [InlineData(40, "gc 40 running 45 preempted 15")]
    [InlineData(95, "gc 95 preempted 5")]
    public void Gc_comes_out_of_blocked_then_running_then_preempted(long gc, string expected) => Is(
        CounterSplit.Replace(
            Account((AccountState.Gc, gc), (AccountState.Unknown, 100 - gc)), Counted(running: 60, waited: 15)),
        expected);

    [Fact]
    public void Readings_that_enclose_the_iteration_give_it_no_more_than_its_wall_time() => Is(
        CounterSplit.Replace(Account((AccountState.Unknown, 100)), Counted(running: 104, waited: 3)), "running 97 preempted 3");

    [Fact]
    public void Switches_and_faults_stand_beside_it()
    {
        CounterDifference counted = Counted(1, 2) with { VoluntarySwitches = 3, InvoluntarySwitches = 4, MinorFaults = 5, MajorFaults = 6 };
        UnitDetails details = CounterSplit.Replace(Account((AccountState.Unknown, 100)), counted).Details;
        Assert.Equal(
            (3, 4, 5, 6),
            (details.VoluntarySwitches, details.InvoluntarySwitches, details.MinorFaults, details.MajorFaults));
    }

    [Fact]
    public void Whatever_was_counted_the_states_add_up_to_the_wall_time_and_none_is_negative() =>
        Gen.Select(Gen.Long[0, 1000].Array[StateTimes.Length], Gen.Long[-10, 5000], Gen.Long[-10, 5000]).Sample((states, running, waited) =>
        {
            UnitAccount account = Account([.. states.Select((time, i) => ((AccountState)i, time))]);
            CounterDifference counted = Counted(running, waited);
            foreach (UnitAccount made in (UnitAccount[])[CounterSplit.SplitBlocked(account, counted), CounterSplit.Replace(account, counted)])
            {
                Assert.Equal(account.Wall, made.Times.Total);
                Assert.Equal(account.Times[AccountState.Gc], made.Times[AccountState.Gc]);
                Assert.All(StateTimes.States, state => Assert.True(made.Times[state] >= Duration.Zero));
            }
        });

    private static CounterDifference Counted(long running, long waited) =>
        new(new Duration(running), new Duration(waited), 0, 0, 0, 0);

    private static UnitAccount Account(params (AccountState State, long Time)[] states)
    {
        var times = default(StateTimes);
        foreach ((AccountState state, long time) in states) times[state] = new Duration(time);
        bool isComplete = times[AccountState.Unknown] == Duration.Zero;
        IncompleteReasons reasons = isComplete ? IncompleteReasons.None : IncompleteReasons.NotJoined;
        return new UnitAccount(7, 1, 0, new Timestamp(1000), new Timestamp(1000) + times.Total, times, reasons);
    }

    private static void Is(UnitAccount account, string expected) => Assert.Equal(expected, string.Join(' ', StateTimes.States
        .Where(state => account.Times[state] > Duration.Zero)
        .Select(state => $"{state.ToString().ToLowerInvariant()} {account.Times[state].Nanoseconds}")));
}
