namespace Observatory.Timeline.Tests;

/// <summary>Streams that come, go, and come back.</summary>
public sealed class JoinStories
{
    [Fact]
    public void Where_the_scheduler_never_joined_only_suspensions_are_known() => Story.Check("""
        0   join    runtime
        0   begin   t7 #1
        40  suspend
        60  resume
        100 end     t7 #1
        => #1 wall 100 = gc 20, unknown 80 (incomplete)
        """);

    [Fact]
    public void An_account_of_which_nothing_is_known_still_has_its_length() => Story.Check("""
        0   join    runtime
        0   begin   t7 #1
        100 end     t7 #1
        => #1 wall 100 = unknown 100 (incomplete)
        """);

    [Fact]
    public void Where_the_runtime_left_nothing_is_known_until_it_is_back() => Story.Check("""
        0   join    runtime
        0   join    scheduler
        0   begin   t7 #1
        30  leave   runtime
        60  join    runtime
        80  preempt c0 t7
        90  in      c0 t7
        100 end     t7 #1
        => #1 wall 100 = running 60, preempted 10, unknown 30 (incomplete)
        """);

    [Fact]
    public void The_end_of_the_runtime_frees_what_was_held_for_it() => Story.Check("""
        0   begin   t7 #1
        10  preempt c0 t7
        20  in      c0 t7
        90  advance scheduler
        50  end     t7 #1
        60  leave   runtime
        95  advance scheduler
        => waited 10
        => #1 wall 50 = running 40, preempted 10
        """);

    [Fact]
    public void The_end_of_the_runtime_says_nothing_about_the_cpus() => Story.Check("""
        0   in      c0 t7
        5   begin   t7 #1
        10  leave   runtime
        50  exit    c0 noid
        => end missing
        60  in      c0 x9
        """);

    [Fact]
    public void A_scheduler_that_was_away_says_nothing_about_who_holds_a_cpu_now() => Story.Check("""
        0   join    scheduler
        0   join    runtime
        0   in      c0 t7
        0   begin   t7 #1
        20  leave   scheduler
        50  join    scheduler
        60  preempt c0 x9
        60  in      c0 t7
        90  end     t7 #1
        => #1 wall 90 = running 50, unknown 40 (incomplete)
        """);

    [Fact]
    public void A_stream_that_joins_again_was_away_since_it_was_last_complete() => Story.Check("""
        0   join    scheduler
        0   join    runtime
        0   begin   t7 #1
        20  advance scheduler
        50  join    scheduler
        60  out     c0 t7
        60  wake    c0 t7
        70  in      c0 t7
        90  end     t7 #1
        100 advance scheduler
        100 advance runtime
        => #1 wall 90 = running 40, waking 10, unknown 40 (incomplete)
        => because NotJoined
        """);

    [Fact]
    public void A_stream_does_not_come_back_before_it_left() => Story.Check("""
        0   join    scheduler
        0   join    runtime
        0   begin   t7 #1
        50  leave   runtime
        40  join    runtime
        90  end     t7 #1
        100 advance scheduler
        100 advance runtime
        => #1 wall 90 = running 90 (incomplete)
        """);

    [Fact]
    public void A_stream_leaves_once() => Story.Check("""
        0   join    scheduler
        0   join    runtime
        20  leave   runtime
        30  leave   runtime
        50  join    runtime
        60  begin   t7 #1
        90  end     t7 #1
        => #1 wall 30 = running 30
        """);

    [Fact]
    public void Where_every_stream_has_left_time_still_goes_forward_only() => Story.Check("""
        0   join    runtime
        0   begin   t7 #1
        50  leave   runtime
        60  end     t7 #1
        70  advance scheduler
        => #1 wall 60 = unknown 60 (incomplete)
        65  wake    c0 t7
        => late
        """);
}
