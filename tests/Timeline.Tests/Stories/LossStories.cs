namespace Observatory.Timeline.Tests;

/// <summary>What is missing stays unknown until something proves what is.</summary>
public sealed class LossStories
{
    [Fact]
    public void A_loss_on_its_cpu_hides_a_thread_until_its_next_switch() => Story.Check("""
        0   in      c0 t7
        0   begin   t7 #1
        50  lost    c0
        60  preempt c0 t7
        80  in      c0 t7
        100 end     t7 #1
        => #1 wall 100 = running 20, preempted 20, unknown 60 (incomplete)
        """);

    [Fact]
    public void Who_exits_without_an_id_behind_a_loss_may_be_any_thread_whose_cpu_is_not_known() => Story.Check("""
        0   in      c0 x9
        10  open    u1
        30  lost    c0
        40  enter   t7 u1
        60  exit    c0 noid
        80  close   u1
        => u1 wall 70 = running 20, unknown 20, queued 30 (incomplete)
        => because RecordsLost, NotSeen
        """);

    [Fact]
    public void Who_exits_without_an_id_behind_a_loss_is_no_thread_that_runs_elsewhere() => Story.Check("""
        0   in      c0 x9
        0   in      c1 t8
        30  lost    c0
        40  begin   t8 #1
        60  exit    c0 noid
        70  end     t8 #1
        => #1 wall 30 = running 30
        """);

    [Fact]
    public void Who_exits_without_an_id_in_a_ring_of_its_own_is_no_other() => Story.Check("""
        0   in      r8 t8
        10  lost    t8
        20  begin   t7 #1
        40  exit    r8 noid
        60  end     t7 #1
        => #1 wall 40 = running 40
        """);

    [Fact]
    public void What_overlaps_a_pause_of_observation_says_so_and_what_comes_after_it_is_complete() => Story.Check("""
        0   in      c0 t7
        0   begin   t7 #1
        40  end     t7 #1
        => #1 wall 40 = running 40
        50  begin   t7 #2
        60  off
        80  end     t7 #2
        => #2 wall 30 = running 10, unknown 20 (incomplete)
        => because Paused
        90  begin   t7 #3
        110 end     t7 #3
        => #3 wall 20 = unknown 20 (incomplete)
        => because Paused
        120 begin   t7 #4
        130 on
        150 end     t7 #4
        => #4 wall 30 = unknown 30 (incomplete)
        => because Paused
        160 begin   t7 #5
        180 end     t7 #5
        => #5 wall 20 = running 20
        """);

    [Fact]
    public void After_a_pause_of_observation_the_switches_of_a_cpu_need_not_follow_from_those_before() => Story.Check("""
        0   in      c0 t7
        10  off
        40  on
        50  preempt c0 x9
        50  in      c0 t7
        60  begin   t7 #1
        80  end     t7 #1
        => #1 wall 20 = running 20
        """);

    [Fact]
    public void What_one_cpu_tells_before_all_are_observed_again_proves_nothing() => Story.Check("""
        0   in      c0 t7
        10  off
        20  begin   t7 #1
        30  out     c0 t7
        40  on
        60  out     c1 t7
        60  wake    c1 t7
        70  in      c1 t7
        80  end     t7 #1
        => #1 wall 60 = running 10, waking 10, unknown 40 (incomplete)
        => because Paused
        """);

    [Fact]
    public void A_loss_on_another_cpu_leaves_a_running_thread_certain() => Story.Check("""
        0   in      c0 t7
        0   begin   t7 #1
        10  in      c1 x9
        50  lost    c1
        100 end     t7 #1
        => #1 wall 100 = running 100
        """);

    [Fact]
    public void A_thread_that_ran_while_wake_ups_were_lost_may_want_its_cpu_back() => Story.Check("""
        0   in      c0 t7
        0   in      c1 t8
        5   begin   t7 #1
        10  wake    c2 x9
        30  lost    c2
        40  out     c1 t8
        60  end     t7 #1
        => #1 wall 55 = running 55
        => pool other running 35, unknown 20
        => pool driving running 55
        => pool threads 2
        70  in      c1 t8
        => waited 30
        """);

    [Fact]
    public void A_loss_on_any_cpu_hides_a_thread_that_waits() => Story.Check("""
        0   in      c0 t7
        0   begin   t7 #1
        10  in      c1 x9
        20  out     c0 t7
        50  lost    c1
        60  wake    c0 t7
        70  in      c0 t7
        100 end     t7 #1
        => #1 wall 100 = running 50, unknown 50 (incomplete)
        """);

    [Fact]
    public void A_loss_of_the_ring_of_one_thread_hides_no_other() => Story.Check("""
        0   in      r7 t7
        0   begin   t7 #1
        0   in      r8 t8
        10  begin   t8 #2
        20  out     r7 t7
        30  out     r8 t8
        50  lost    t8
        60  wake    r7 t7
        60  in      r7 t7
        100 end     t7 #1
        => #1 wall 100 = running 60, blocked 40
        105 wake    r8 t8
        105 in      r8 t8
        110 end     t8 #2
        => #2 wall 100 = running 25, unknown 75 (incomplete)
        => because RecordsLost
        """);

    [Fact]
    public void A_wait_that_began_in_a_loss_is_not_reported() => Story.Check("""
        0   preempt c0 t7
        10  in      c0 t7
        => waited 10
        20  preempt c0 t7
        25  in      c0 x9
        30  lost    c0
        40  in      c0 t7
        """);

    [Fact]
    public void A_broken_chain_is_a_loss_since_the_switch_before() => Story.Check("""
        0   in      c0 t7
        0   begin   t7 #1
        40  wake    c0 x8
        60  preempt c0 x9
        => broken chain
        60  in      c0 t7
        100 end     t7 #1
        100 advance scheduler
        100 advance runtime
        => #1 wall 100 = running 40, unknown 60 (incomplete)
        """);

    [Fact]
    public void A_thread_that_comes_while_it_runs_has_left_unseen() => Story.Check("""
        0   in      c0 t7
        10  begin   t7 #1
        60  in      c1 t7
        => contradiction
        90  end     t7 #1
        => #1 wall 80 = running 30, unknown 50 (incomplete)
        """);

    [Fact]
    public void A_thread_that_leaves_a_cpu_it_was_not_on_has_moved_unseen() => Story.Check("""
        0   in      c0 t7
        10  begin   t7 #1
        60  out     c1 t7
        60  wake    c1 t7
        => contradiction
        70  in      c1 t7
        90  end     t7 #1
        => #1 wall 80 = running 20, waking 10, unknown 50 (incomplete)
        """);

    [Fact]
    public void A_thread_that_tells_something_while_it_waits_has_come_unseen() => Story.Check("""
        0   in      c0 t7
        10  begin   t7 #1
        40  out     c0 t7
        90  end     t7 #1
        => #1 wall 80 = running 30, unknown 50 (incomplete)
        => contradiction
        95  begin   t7 #2
        99  end     t7 #2
        => #2 wall 4 = running 4
        """);

    [Fact]
    public void A_loss_that_is_told_late_spoils_every_open_account() => Story.Check("""
        0   in      c0 t7
        0   begin   t7 #1
        10  in      c1 x9
        20  preempt c0 t7
        50  in      c0 t7
        60  advance scheduler
        60  advance runtime
        70  lost    c1
        100 end     t7 #1
        100 advance scheduler
        100 advance runtime
        => #1 wall 100 = running 70, preempted 30 (incomplete)
        """);

    [Fact]
    public void A_loss_of_all_scheduler_events_hides_every_thread_until_it_proves_itself() => Story.Check("""
        0   in      c0 t7
        0   begin   t7 #1
        50  lost    scheduler
        60  out     c0 x9
        70  in      c0 t7
        90  end     t7 #1
        => #1 wall 90 = running 20, unknown 70 (incomplete)
        """);

    [Fact]
    public void Inside_a_loss_of_the_runtime_not_even_suspensions_are_known() => Story.Check("""
        0   begin   t7 #1
        20  suspend
        30  resume
        50  lost    runtime
        60  suspend
        70  resume
        100 end     t7 #1
        => #1 wall 100 = gc 20, running 60, unknown 20 (incomplete)
        """);

    [Fact]
    public void A_loss_of_the_runtime_that_is_told_late_spoils_every_open_account() => Story.Check("""
        0   begin   t7 #1
        60  advance scheduler
        60  advance runtime
        50  lost    runtime
        100 end     t7 #1
        100 advance scheduler
        100 advance runtime
        => #1 wall 100 = running 100 (incomplete)
        """);

    [Fact]
    public void A_suspension_whose_end_was_lost_does_not_last_for_ever() => Story.Check("""
        0   suspend
        50  lost    runtime
        60  begin   t7 #1
        100 end     t7 #1
        => #1 wall 40 = running 40
        """);

    [Fact]
    public void A_suspension_whose_beginning_was_lost_spoils_the_open_account() => Story.Check("""
        50  lost    runtime
        60  begin   t7 #1
        80  resume
        100 end     t7 #1
        => #1 wall 40 = running 40 (incomplete)
        """);

    [Fact]
    public void Losses_that_overlap_last_until_the_end_of_the_later_one() => Story.Check("""
        0   advance runtime
        0   begin   t7 #1
        80  lost    runtime
        50  lost    runtime
        100 end     t7 #1
        100 advance runtime
        100 advance scheduler
        => #1 wall 100 = running 20, unknown 80 (incomplete)
        """);
}
