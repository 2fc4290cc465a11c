using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class CounterJoinTests
{
    private const int Driver = 7;
    private readonly CounterReadings _readings = new();
    private readonly List<string> _refusals = [];
    private readonly CounterGroups _groups;
    private readonly List<UnitAccount> _published = [];
    private readonly SourceStatus _kernel = Samples.Kernel(Tiers.ProcFs);
    private readonly CounterJoin _join;

    public CounterJoinTests()
    {
        _groups = new CounterGroups(CounterSet.Hardware, _refusals.Add);
        _join = new CounterJoin(new ThreadReports(_readings, _groups), _kernel);
    }

    [Fact]
    public void What_a_group_counted_joins_its_account_at_every_tier()
    {
        _kernel.Started(Tiers.Kernel, "");
        Count(iteration: 1, enabled: 100, running: 100);
        Close(Samples.Account(1, 0));
        CountedEvents counted = _published.Single().Details.Counted!;
        Assert.Equal(("hardware", 1.0), (counted.Set, counted.CountedShare));
        Assert.Equal([900, 1_800, 70, null], counted.Values);
    }

    [Fact]
    public void A_group_that_shared_its_counters_is_scaled_and_says_so()
    {
        const long Day = 86_400_000_000_000;
        CountedEvents counted = CounterScale.Apply(new CounterGroupPayload(1, 1, 300 * Day, 100 * Day, 1_000 * Day, 5, 0, -1), CounterSet.Hardware)!;
        Assert.Equal([3_000 * Day, 15, 0, null], counted.Values);
        Assert.Equal(1.0 / 3, counted.CountedShare, 9);
    }

    [Fact]
    public void A_group_that_never_counted_is_unknown_and_not_zero()
    {
        _kernel.Started(Tiers.Kernel, "");
        Count(iteration: 1, enabled: 100, running: 0);
        Close(Samples.Account(1, 0));
        Assert.Null(_published.Single().Details.Counted);
    }

    [Fact]
    public void Where_groups_are_told_an_account_waits_for_its_own_until_the_next_one_of_its_thread()
    {
        _kernel.Started(Tiers.Kernel, "");
        Count(iteration: 1, enabled: 100, running: 100);
        Close(Samples.Account(1, 0));
        Close(Samples.Account(2, 0));
        Assert.Equal([1], _published.Select(account => account.Iteration));

        Count(iteration: 3, enabled: 100, running: 100);
        Close(Samples.Account(3, 0));
        Assert.Equal([false, true], _published.Skip(1).Select(account => account.Details.Counted is not null));
    }

    [Fact]
    public void Where_none_are_told_nothing_is_waited_for()
    {
        _kernel.Started(Tiers.Kernel, "");
        _groups.Post(new CounterGroupPayload(1, CounterSet.Software.Id, 1, 1, 1, 1, 1, 1));
        Close(Samples.Account(1, 0));
        Assert.Null(_published.Single().Details.Counted);
    }

    [Fact]
    public void A_refusal_is_told_once_in_one_line_with_its_remedy()
    {
        _groups.Refuse(new CounterRefusalPayload(CounterSet.Hardware.Id, Error: 1));
        _groups.Refuse(new CounterRefusalPayload(CounterSet.Hardware.Id, Error: 1));
        _groups.Refuse(new CounterRefusalPayload(CounterSet.Software.Id, Error: 1));
        Assert.Contains("--cap-add PERFMON", _refusals.Single(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', _refusals.Single());
    }

    [Fact]
    public void Totals_around_an_iteration_complete_its_account()
    {
        Read(iteration: 1, at: 99, cpu: 1000, waited: 500);
        Read(iteration: 1, at: 201, cpu: 1070, waited: 510);
        Close(Unknown(1, from: 100, to: 200));

        UnitAccount account = _published.Single();
        Assert.True(account.IsComplete);
        Assert.Equal((70, 10, 20), (Of(account, AccountState.Running), Of(account, AccountState.Preempted), Of(account, AccountState.Blocked)));
        Assert.True(_kernel.HasCounters);
    }

    [Fact]
    public void An_account_waits_for_the_reading_after_its_stop()
    {
        Read(iteration: 1, at: 99, cpu: 0, waited: 0);
        Close(Unknown(1, from: 100, to: 200));
        Assert.Empty(_published);

        Read(iteration: 1, at: 201, cpu: 70, waited: 0);
        CloseJoin();
        Assert.True(_published.Single().IsComplete);
    }

    [Fact]
    public void It_does_not_wait_beyond_the_next_account_of_its_thread()
    {
        Read(iteration: 1, at: 99, cpu: 0, waited: 0);
        Read(iteration: 2, at: 299, cpu: 100, waited: 0);
        Close(Unknown(1, from: 100, to: 200));
        Close(Unknown(2, from: 300, to: 400));
        UnitAccount first = _published.Single();
        Assert.Equal((1, false), (first.Iteration, first.IsComplete));
    }

    [Fact]
    public void Accounts_keep_their_order_also_when_the_first_waits_longest()
    {
        Read(iteration: 1, at: 99, cpu: 0, waited: 0);
        Close(Unknown(1, from: 100, to: 200));
        Close(Unknown(2, from: 150, to: 250) with { Thread = Driver + 1 });
        Assert.Empty(_published);
        CloseJoin();
        Assert.Equal([1, 2], _published.Select(account => account.Iteration));
    }

    [Fact]
    public void Without_the_reading_before_its_start_nothing_is_waited_for_and_nothing_is_made_up()
    {
        Read(iteration: 1, at: 201, cpu: 70, waited: 0);
        UnitAccount account = Unknown(1, from: 100, to: 200);
        Close(account);
        UnitAccount expected = account with { Reasons = IncompleteReasons.NotJoined | IncompleteReasons.NoCounters };
        Assert.Equal([expected], _published);
        Assert.False(_kernel.HasCounters);
    }

    [Fact]
    public void Where_suspensions_may_be_missing_counters_complete_nothing()
    {
        Read(iteration: 1, at: 99, cpu: 0, waited: 0);
        Read(iteration: 1, at: 201, cpu: 70, waited: 0);
        _readings.Lose(until: new Timestamp(150));
        Close(Unknown(1, from: 100, to: 200));
        Assert.False(_published.Single().IsComplete);
    }

    /// <summary>It moved between threads, of which each has read its own counters; or a suspension has no beginning, or came too late.</summary>
    [Theory]
    [InlineData(IncompleteReasons.ThreadChanged)]
    [InlineData(IncompleteReasons.NotSeen)]
    [InlineData(IncompleteReasons.Late)]
    public void What_is_not_for_want_of_switches_counters_do_not_complete(IncompleteReasons reason)
    {
        Read(iteration: 1, at: 99, cpu: 0, waited: 0);
        Read(iteration: 1, at: 201, cpu: 70, waited: 0);
        UnitAccount account = Unknown(1, from: 100, to: 200);
        account = account with { Reasons = account.Reasons | reason };
        Close(account);
        Assert.Equal([account], _published);
    }

    [Fact]
    public void Counters_that_go_back_are_not_those_of_one_thread()
    {
        Read(iteration: 1, at: 99, cpu: 70, waited: 0);
        Read(iteration: 1, at: 201, cpu: 60, waited: 10);
        Close(Unknown(1, from: 100, to: 200));
        UnitAccount account = _published.Single();
        Assert.Equal((false, 100), (account.IsComplete, Of(account, AccountState.Unknown)));
    }

    /// <summary>A thread that has ended tells no more: only other threads' accounts say that time has passed.</summary>
    [Fact]
    public void An_account_whose_counters_never_come_does_not_keep_those_of_other_threads_waiting()
    {
        _kernel.Started(Tiers.Kernel, "");
        Count(iteration: 1, enabled: 100, running: 100);
        Close(Samples.Account(1, 0));
        Close(Samples.Account(2, 0) with { Thread = Driver + 1 });
        Count(iteration: 3, enabled: 100, running: 100);
        Close(Samples.Account(3, 0));
        Assert.Equal([1], _published.Select(account => account.Iteration));

        Count(iteration: 4, enabled: 100, running: 100);
        Close(Samples.Account(4, 0) with { Ended = new Timestamp(60_000_000_000) });
        Assert.Equal([1, 2, 3, 4], _published.Select(account => account.Iteration));
    }

    [Fact]
    public void What_no_counter_counts_is_unknown()
    {
        CountedEvents counted = CounterScale.Apply(new CounterGroupPayload(1, 1, long.MaxValue, 1, long.MaxValue, -5, 0, -1), CounterSet.Hardware)!;
        Assert.Equal([long.MaxValue, null, 0, null], counted.Values);
    }

    [Fact]
    public void Time_that_the_kernel_does_not_count_stays_unknown()
    {
        Read(iteration: 1, at: 99, cpu: 0, waited: CountersPayload.NotCounted);
        Read(iteration: 1, at: 201, cpu: 70, waited: CountersPayload.NotCounted);
        Close(Unknown(1, from: 100, to: 200));
        Assert.Equal(100, Of(_published.Single(), AccountState.Unknown));
    }

    [Fact]
    public void At_tier_thread_waking_comes_out_of_blocked()
    {
        _kernel.Started(Tiers.Thread, "");
        Read(iteration: 1, at: -1, cpu: 0, waited: 0);
        Read(iteration: 1, at: 101, cpu: 70, waited: 10);
        Close(Samples.Account(1, 0, wall: 100, other: AccountState.Blocked));
        UnitAccount account = _published.Single();
        Assert.Equal((15, 10), (Of(account, AccountState.Blocked), Of(account, AccountState.Waking)));
    }

    [Fact]
    public void At_tier_kernel_accounts_pass_as_they_are()
    {
        _kernel.Started(Tiers.Kernel, "");
        UnitAccount account = Samples.Account(1, 0);
        Close(account);
        Assert.Equal([account], _published);
    }

    [Theory]
    [InlineData(Tiers.Kernel, false, true, true)]
    [InlineData(Tiers.Thread, false, true, false)]
    [InlineData(Tiers.Thread, true, true, true)]
    [InlineData(Tiers.ProcFs, false, false, false)]
    [InlineData(Tiers.ProcFs, true, true, false)]
    [InlineData(Tiers.None, false, false, false)]
    public void What_is_measured_follows_from_the_tier_and_the_counters(string tier, bool counters, bool running, bool waking)
    {
        Assert.Equal(running, Measured.HasState(tier, counters, Tiers.EventPipe, AccountState.Running));
        Assert.Equal(waking, Measured.HasState(tier, counters, Tiers.EventPipe, AccountState.Waking));
        Assert.True(Measured.HasState(tier, counters, Tiers.EventPipe, AccountState.Gc));
    }

    private void Count(long iteration, long enabled, long running) => _groups.Post(
        new CounterGroupPayload(iteration, CounterSet.Hardware.Id, enabled, running, 900, 1_800, 70, CounterGroupPayload.NotCounted));

    private void Read(long iteration, long at, long cpu, long waited) =>
        _readings.Post(new Timestamp(at), new CountersPayload(iteration, cpu, waited, 0, 0, 0, 0));

    private static UnitAccount Unknown(long iteration, long from, long to)
    {
        var times = default(StateTimes);
        times[AccountState.Unknown] = new Duration(to - from);
        return new UnitAccount(Driver, iteration, 0, new Timestamp(from), new Timestamp(to), times, IncompleteReasons.NotJoined);
    }

    private static long Of(UnitAccount account, AccountState state) => account.Times[state].Nanoseconds;

    private void Close(in UnitAccount account)
    {
        _join.Add(account);
        TakeAll();
    }

    private void CloseJoin()
    {
        _join.Close();
        TakeAll();
    }

    private void TakeAll()
    {
        while (_join.TryTake(out UnitAccount account)) _published.Add(account);
    }
}
