namespace Observatory.Timeline.Tests;

/// <summary>Streams that lag, stand still, or arrive in disorder.</summary>
public sealed class OrderStories
{
    private static readonly TimelineLimits Impatient = new() { MaximumHold = new Duration(100) };

    [Fact]
    public void Events_wait_for_the_slower_stream() => Story.Check("""
        0   begin     t7 #1
        40  preempt   c0 t7
        70  in        c0 t7
        90  advance   scheduler
        60  advance   runtime
        80  end       t7 #1
        90  advance   runtime
        => #1 wall 80 = running 50, preempted 30
        """);

    [Fact]
    public void Events_of_one_lane_are_put_in_order() => Story.Check("""
        0   begin t7 #1
        40  out   c0 t7
        60  in    c0 t7
        50  wake  c0 t7
        100 end   t7 #1
        => #1 wall 100 = running 80, waking 10, blocked 10
        """);

    /// <summary>The stream that comes back first is an hour ahead of the other, which looks like one that stands still.</summary>
    [Fact]
    public void An_hour_in_which_a_machine_was_paused_is_unknown_and_the_account_adds_up() => Story.Check("""
        0             in      c0 t7
        0             begin   t7 #1
        10            preempt c0 t7
        3600000000010 in      c0 t7
        3600000000020 end     t7 #1
        => #1 wall 3600000000020 = running 20, unknown 3600000000000 (incomplete)
        => because Stalled
        """);

    [Fact]
    public void At_one_instant_a_thread_leaves_is_woken_comes_and_tells() => Story.Check("""
        0   in      c1 t7
        0   begin   t7 #1
        50  in      c0 t7
        50  wake    c2 t7
        50  out     c1 t7
        => waited 0
        60  preempt c0 t7
        80  end     t7 #1
        80  in      c0 t7
        => waited 20
        => #1 wall 80 = running 60, preempted 20
        """);

    [Fact]
    public void An_end_that_comes_late_leaves_only_the_length_certain() => Story.Check("""
        0   begin   t7 #1
        150 preempt c0 t7
        200 advance scheduler
        50  end     t7 #1
        => late
        60  advance runtime
        => #1 wall 50 = unknown 50 (incomplete)
        """, Impatient);

    [Fact]
    public void A_beginning_that_comes_late_leaves_only_the_length_certain() => Story.Check("""
        0   preempt c0 t7
        10  in      c0 t7
        200 advance scheduler
        50  begin   t7 #1
        => late
        150 end     t7 #1
        200 advance runtime
        => #1 wall 100 = unknown 100 (incomplete)
        """, Impatient);

    [Fact]
    public void Without_the_scheduler_nothing_is_claimed_to_have_run() => Story.Check("""
        0   begin   t7 #1
        50  end     t7 #1
        160 begin   t7 #2
        190 end     t7 #2
        20  advance scheduler
        200 advance runtime
        => #1 wall 50 = running 20, unknown 30 (incomplete)
        400 advance runtime
        => #2 wall 30 = unknown 30 (incomplete)
        30  out     c0 t7
        => late
        400 advance scheduler
        450 begin   t7 #3
        460 end     t7 #3
        500 advance runtime
        500 advance scheduler
        => #3 wall 10 = running 10
        """, Impatient);

    [Fact]
    public void A_late_switch_does_not_tell_where_the_thread_is_now() => Story.Check("""
        0   in      c0 t7
        0   begin   t7 #1
        10  preempt c0 t7
        40  in      c1 t7
        200 advance runtime
        100 advance scheduler
        20  in      c2 t7
        => late
        30  preempt c2 t7
        => late
        150 end     t7 #1
        200 advance scheduler
        => #1 wall 150 = running 70, preempted 30, unknown 50 (incomplete)
        """);

    [Fact]
    public void A_late_switch_inside_an_account_that_was_told_as_complete_casts_doubt_on_it_once() => Story.Check("""
        0   in      c0 t7
        0   begin   t7 #1
        50  end     t7 #1
        60  begin   t7 #2
        90  end     t7 #2
        100 advance runtime
        100 advance scheduler
        => #1 wall 50 = running 50
        => #2 wall 30 = running 30
        20  preempt c0 t7
        => late
        30  in      c0 t7
        => late
        => doubted
        """);

    [Fact]
    public void A_late_wake_up_casts_doubt_on_the_sleep_behind_it_alone() => Story.Check("""
        0   in      c0 t7
        0   begin   t7 #1
        40  end     t7 #1
        50  begin   t7 #2
        60  out     c0 t7
        60  in      c0 idle
        80  out     c0 idle
        80  in      c0 t7
        90  end     t7 #2
        100 advance runtime
        100 advance scheduler
        => #1 wall 40 = running 40
        => #2 wall 40 = running 20, blocked 20
        => inferred wake-up
        30  wake    c1 t7
        => late
        => doubted
        """);

    [Fact]
    public void A_late_switch_outside_of_all_accounts_casts_no_doubt() => Story.Check("""
        0   in      c0 t7
        0   begin   t7 #1
        50  end     t7 #1
        100 advance runtime
        100 advance scheduler
        => #1 wall 50 = running 50
        70  preempt c0 t7
        => late
        20  preempt c0 x9
        => late
        => broken chain
        """);

    [Fact]
    public void A_late_switch_in_a_segment_that_is_over_makes_its_open_unit_incomplete() => Story.Check("""
        0   in      c0 t7
        0   open    u1
        0   enter   t7 u1
        50  pause   t7 u1
        100 advance runtime
        100 advance scheduler
        20  preempt c0 t7
        => late
        30  in      c0 t7
        => late
        150 close   u1
        200 advance runtime
        200 advance scheduler
        => u1 wall 150 = running 50, awaiting 100 (incomplete)
        => because Late
        """);

    [Fact]
    public void Marks_that_come_after_their_thread_has_exited_do_not_bring_it_back() => Story.Check("""
        0   in      c0 t7
        0   in      c1 t9
        80  exit    c1 t9
        300 advance scheduler
        20  begin   t9 #1
        => late
        30  end     t9 #1
        => late
        310 begin   t7 #2
        350 end     t7 #2
        400 advance scheduler
        => end missing
        => beginning missing
        400 advance runtime
        => #2 wall 40 = running 40
        => pool driving running 40
        => pool threads 1
        """, Impatient);

    [Fact]
    public void A_late_suspension_is_reported_at_its_true_length_and_spoils_the_open_account() => Story.Check("""
        0   begin   t7 #1
        200 advance scheduler
        20  suspend
        => late
        120 resume
        150 end     t7 #1
        200 advance runtime
        => suspended 100
        => #1 wall 150 = gc 20, running 130 (incomplete)
        """, Impatient);

    [Fact]
    public void A_late_event_of_the_runtime_does_not_end_a_suspension() => Story.Check("""
        50  suspend
        60  advance runtime
        200 advance scheduler
        80  begin   t8 #1
        => late
        120 begin   t7 #2
        130 end     t7 #2
        150 resume
        160 end     t8 #1
        200 advance runtime
        => #2 wall 10 = gc 10
        => #1 wall 80 = unknown 80 (incomplete)
        """, Impatient);

    [Fact]
    public void More_events_than_may_be_held_are_told_without_waiting() => Story.Check("""
        0   begin   t7 #1
        10  preempt c0 t7
        20  in      c0 t7
        30  preempt c0 t7
        40  in      c0 t7
        50  advance scheduler
        => waited 10
        => waited 10
        60  end     t7 #1
        100 advance scheduler
        => #1 wall 60 = running 40, preempted 20
        100 advance runtime
        """, new TimelineLimits { MaximumHeldBytes = 1 });

    [Fact]
    public void Of_more_events_than_may_be_held_the_oldest_are_told_without_waiting() => Story.Check("""
        0   begin   t7 #1
        10  preempt c0 t7
        20  in      c0 t7
        30  preempt c0 t7
        40  in      c0 t7
        42  preempt c0 t7
        44  in      c0 t7
        50  advance scheduler
        => waited 10
        60  end     t7 #1
        100 advance runtime
        => waited 10
        => waited 2
        100 advance scheduler
        => #1 wall 60 = running 38, preempted 22
        """, new TimelineLimits { MaximumHeldBytes = 64 });
}
