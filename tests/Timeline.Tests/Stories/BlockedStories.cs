namespace Observatory.Timeline.Tests;

/// <summary>What blocked time waited for: the thread that ends the sleep, and what it did meanwhile.</summary>
public sealed class BlockedStories
{
    /// <summary>Nothing else has told of the waker yet, but it is no other process's.</summary>
    [Fact]
    public void A_waker_whose_first_switch_came_late_is_a_thread_of_the_target() => Story.Check("""
        0   in      c0 t7
        90  advance runtime
        90  advance scheduler
        20  in      c1 t9
        => late
        110 begin   t7 #1
        120 out     c0 t7
        140 wake    c1 t7 by t9
        145 in      c0 t7
        150 end     t7 #1
        200 advance runtime
        200 advance scheduler
        => waited 5
        => #1 wall 40 = running 15, waking 5, blocked 20
        => blocked 20 unexplained
        """);

    [Fact]
    public void A_thread_that_has_exited_does_not_come_back_with_what_it_did_too_late() => Story.Check("""
        0   in      c0 t7
        10  in      c1 t9
        60  exit    c1 t9
        90  advance runtime
        90  advance scheduler
        20  out     c2 t9
        => late
        110 begin   t7 #1
        150 end     t7 #1
        200 advance runtime
        200 advance scheduler
        => #1 wall 40 = running 40
        => pool driving running 40
        => pool threads 1
        """);

    [Fact]
    public void A_sleep_is_charged_to_what_its_waker_did_meanwhile() => Story.Check("""
        0   in      c0 t7
        0   in      c1 t9
        10  begin   t7 #1
        20  out     c0 t7
        30  preempt c1 t9
        30  in      c1 x3
        45  out     c1 x3
        45  in      c1 t9
        60  wake    c1 t7 by t9
        65  in      c0 t7
        80  end     t7 #1
        => #1 wall 70 = running 25, waking 5, blocked 40
        => blocked 25 running of 9
        => blocked 15 preempted of 9
        """);

    [Fact]
    public void What_the_waker_itself_slept_for_is_followed_to_the_timer_that_ended_it() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t9
        10  begin t7 #1
        20  out   c0 t7
        30  out   c1 t9
        50  wake  c0 t9 by interrupt
        55  in    c1 t9
        60  wake  c1 t7 by t9
        65  in    c0 t7
        80  end   t7 #1
        => #1 wall 70 = running 25, waking 5, blocked 40
        => blocked 15 running of 9
        => blocked 5 waking of 9
        => blocked 20 interrupt via 9
        """);

    [Fact]
    public void A_wait_for_a_wait_is_followed_to_the_thread_that_computed_and_to_what_held_its_CPU() => Story.Check("""
        0   in      c0 t7
        0   in      c1 t8
        10  begin   t7 #1
        20  out     c0 t7
        22  out     c1 t8
        22  in      c1 t9
        40  preempt c1 t9
        40  in      c1 x3
        55  out     c1 x3
        55  in      c1 t9
        => preemptor 3 15
        65  wake    c1 t8 by t9
        65  out     c1 t9
        68  in      c1 t8
        => preemptor 9 3
        75  wake    c1 t7 by t8
        78  in      c0 t7
        => preemptor 7 3
        80  end     t7 #1
        => #1 wall 70 = running 12, waking 3, blocked 55
        => blocked 9 running of 8
        => blocked 28 running of 9 via 8
        => blocked 15 preempted of 9 via 8
        => blocked 3 waking of 8
        """);

    [Fact]
    public void A_sleep_that_began_before_the_wait_counts_only_from_there() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t9
        2   out   c1 t9
        10  begin t7 #1
        20  out   c0 t7
        50  wake  c0 t9 by x3
        55  in    c1 t9
        60  wake  c1 t7 by t9
        65  in    c0 t7
        80  end   t7 #1
        => #1 wall 70 = running 25, waking 5, blocked 40
        => blocked 5 running of 9
        => blocked 5 waking of 9
        => blocked 30 otherprocess of 3 via 9
        """);

    [Fact]
    public void What_ended_a_sleep_is_not_known_any_more_once_that_thread_has_exited() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t9
        10  begin t7 #1
        20  out   c0 t7
        22  out   c1 t9
        22  in    c1 t8
        40  wake  c1 t9 by t8
        42  exit  c1 t8
        45  in    c1 t9
        60  wake  c1 t7 by t9
        65  in    c0 t7
        80  end   t7 #1
        => #1 wall 70 = running 25, waking 5, blocked 40
        => blocked 17 running of 9
        => blocked 5 waking of 9
        => blocked 18 sleeping of 9
        """);

    [Theory]
    [InlineData(1, BlockedFor.Running)]
    [InlineData(8, BlockedFor.Running)]
    [InlineData(Wakers.Deepest, BlockedFor.Running)]
    [InlineData(Wakers.Deepest + 1, BlockedFor.Sleeping)]
    public void A_chain_is_followed_to_its_end_unless_it_is_too_long(int length, BlockedFor end)
    {
        // Thread 0 waits for 1, which waits for 2, and so on; the last one computes for 1000 ns.
        UnitAccount account = Chain(length);
        BlockedShare longest = account.Details.Blocked.Main!.Value;
        Assert.Equal(end, longest.Cause);
        Assert.Equal(account.Times[AccountState.Blocked], account.Details.Blocked.Total);
        Assert.Equal(Duration.Zero, account.Details.Blocked[BlockedFor.Unexplained]);
        if (end == BlockedFor.Running) Assert.Equal(Enumerable.Range(101, length - 1), longest.Via);
    }

    private static UnitAccount Chain(int length)
    {
        var observer = new LastAccount();
        var timeline = new Timeline(StoryLine.Target, observer);
        timeline.Join(StreamKind.Runtime, Timestamp.Zero);
        timeline.Join(StreamKind.Scheduler, Timestamp.Zero);
        long now = 0;
        for (int i = 0; i <= length; i++) timeline.Add(TimelineEvent.SwitchIn(new(++now), i, 100 + i, StoryLine.Target));
        timeline.Add(TimelineEvent.IterationBegan(new(++now), 100, 1, 0));
        for (int i = 0; i < length; i++) timeline.Add(TimelineEvent.SwitchOut(new(++now), i, 100 + i, StoryLine.Target));
        now += 1_000;
        for (int i = length - 1; i >= 0; i--)
        {
            timeline.Add(TimelineEvent.Waking(new(++now), i + 1, 100 + i, 101 + i));
            timeline.Add(TimelineEvent.SwitchIn(new(++now), i, 100 + i, StoryLine.Target));
        }

        timeline.Add(TimelineEvent.IterationEnded(new(++now), 100, 1, 0));
        timeline.Advance(StreamKind.Runtime, new(now));
        timeline.Advance(StreamKind.Scheduler, new(now));
        timeline.Flush();
        return observer.Account;
    }

    private sealed class LastAccount : ITimelineObserver
    {
        public UnitAccount Account { get; private set; }

        public void IterationClosed(in UnitAccount account) => Account = account;
    }

    [Fact]
    public void A_timer_or_a_device_wakes_in_no_threads_name() => Story.Check("""
        0   in    c0 t7
        10  begin t7 #1
        20  out   c0 t7
        60  wake  c1 t7 by interrupt
        65  in    c0 t7
        80  end   t7 #1
        => #1 wall 70 = running 25, waking 5, blocked 40
        => blocked 40 interrupt
        """);

    [Fact]
    public void A_thread_of_another_process_is_named_but_not_followed() => Story.Check("""
        0   in    c0 t7
        10  begin t7 #1
        20  out   c0 t7
        60  wake  c1 t7 by x3
        65  in    c0 t7
        80  end   t7 #1
        => #1 wall 70 = running 25, waking 5, blocked 40
        => blocked 40 otherprocess of 3
        """);

    [Fact]
    public void A_waker_that_could_not_be_named_leaves_the_sleep_unexplained() => Story.Check("""
        0   in    c0 t7
        10  begin t7 #1
        20  out   c0 t7
        60  wake  c1 t7
        65  in    c0 t7
        80  end   t7 #1
        => #1 wall 70 = running 25, waking 5, blocked 40
        => blocked 40 unexplained
        """);

    [Fact]
    public void A_suspension_inside_the_sleep_is_gc_and_waited_for_no_thread() => Story.Check("""
        0   in      c0 t7
        10  begin   t7 #1
        20  out     c0 t7
        30  suspend
        40  resume
        60  wake    c1 t7 by interrupt
        65  in      c0 t7
        80  end     t7 #1
        => #1 wall 70 = gc 10, running 25, waking 5, blocked 30
        => blocked 30 interrupt
        """);

    [Fact]
    public void What_a_waker_did_before_it_was_known_is_unexplained() => Story.Check("""
        0   in    c0 t7
        10  begin t7 #1
        20  out   c0 t7
        50  in    c1 t9
        60  wake  c1 t7 by t9
        65  in    c0 t7
        80  end   t7 #1
        => #1 wall 70 = running 25, waking 5, blocked 40
        => blocked 10 running of 9
        => blocked 30 unexplained
        """);

    /// <summary>The gate of a thread pool slept until its timer ended, and added a worker then.</summary>
    [Fact]
    public void Before_a_waker_was_made_the_thread_was_waited_for_that_made_it() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t8
        10  begin t7 #1
        20  out   c0 t7
        25  out   c1 t8
        40  wake  c1 t8 by interrupt
        45  in    c1 t8
        50  made  t9 by t8 managed
        52  in    c0 t9
        60  wake  c0 t7 by t9
        62  out   c0 t9
        62  in    c0 t7
        80  end   t7 #1
        => #1 wall 70 = running 28, waking 2, blocked 40
        => blocked 8 running of 9
        => blocked 10 running of 8 via 9
        => blocked 2 waking of 9
        => blocked 5 waking of 8 via 9
        => blocked 15 interrupt via 9 8
        """);

    [Fact]
    public void A_thread_that_waits_for_asynchronous_work_of_its_own_unit_waits_until_a_thread_takes_that_up() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t8
        10  open  u1
        10  enter t7 u1
        20  out   c0 t7
        50  enter t8 u1
        60  wake  c1 t7 by t8
        65  in    c0 t7
        65  pause t8 u1
        80  pause t7 u1
        80  close u1
        => u1 wall 70 = running 25, waking 5, blocked 40
        => blocked 10 running of 8
        => blocked 30 asynchronous of 8 for itself
        """);

    [Fact]
    public void What_a_waker_did_before_it_worked_on_its_unit_concerns_no_other_unit() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t8
        10  open  u1
        10  open  u2
        10  enter t7 u1
        20  out   c0 t7
        45  enter t8 u2
        60  wake  c1 t7 by t8
        65  in    c0 t7
        80  pause t7 u1
        80  close u1
        => u1 wall 70 = running 25, waking 5, blocked 40
        => blocked 15 running of 8
        => blocked 25 asynchronous of 8
        90  pause t8 u2
        90  close u2
        => u2 wall 80 = running 45, queued 35
        """);
}
