namespace Observatory.Timeline.Tests;

/// <summary>Iterations and threads that begin or end where the observer is not looking.</summary>
public sealed class LifeStories
{
    [Fact]
    public void An_iteration_that_ran_when_the_observer_came_has_no_account() => Story.Check("""
        10  out  c0 t7
        20  wake c0 t7
        20  in   c0 t7
        50  end  t7 #1
        => beginning missing
        60  begin t7 #2
        70  end   t7 #2
        => #2 wall 10 = running 10
        """);

    [Fact]
    public void An_iteration_that_is_open_when_the_next_begins_has_lost_its_end() => Story.Check("""
        0   begin t7 #1
        50  begin t7 #2
        => end missing
        70  end   t7 #2
        => #2 wall 20 = running 20
        """);

    [Fact]
    public void An_end_of_another_iteration_closes_none() => Story.Check("""
        0   begin t7 #1
        50  end   t7 #2
        => end missing
        => beginning missing
        60  end   t7 #2
        => beginning missing
        """);

    [Fact]
    public void What_is_open_when_the_recording_ends_has_no_end() => Story.Check("""
        0   begin t7 #1
        10  out   c0 t7
        => end missing
        """);

    [Fact]
    public void A_thread_that_exits_takes_its_open_iteration_along() => Story.Check("""
        0   in    c0 t7
        10  begin t7 #1
        50  exit  c0 t7
        => end missing
        """);

    [Fact]
    public void An_exit_without_an_id_is_charged_to_whoever_came_last() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t8
        10  begin t7 #1
        20  begin t8 #2
        50  exit  c1 noid
        => end missing
        60  end   t7 #1
        => #1 wall 50 = running 50
        """);

    [Fact]
    public void The_id_of_an_exited_thread_may_be_given_to_another() => Story.Check("""
        0   in    c0 t7
        50  exit  c0 noid
        50  in    c0 x8
        60  in    c1 t7
        70  begin t7 #1
        90  end   t7 #1
        => #1 wall 20 = running 20
        """);

    [Fact]
    public void A_new_thread_waits_for_its_first_cpu() => Story.Check("""
        0   in    c0 t7
        10  begin t7 #1
        20  made  t8 worker
        30  in    c1 t8
        => waited 10
        60  end   t7 #1
        => #1 wall 50 = running 50
        => pool driving running 50
        => pool worker running 30, waking 10
        => pool threads 2
        """);

    [Fact]
    public void Whoever_had_the_id_of_a_new_thread_has_exited_unseen() => Story.Check("""
        0   in    c0 t7
        10  begin t7 #1
        20  out   c0 t7
        50  made  t7 managed
        => end missing
        60  in    c0 t7
        70  begin t7 #2
        90  end   t7 #2
        => #2 wall 20 = running 20
        """);

    [Fact]
    public void An_observer_that_comes_in_the_middle_knows_a_thread_from_its_first_switch() => Story.Check("""
        0   join    runtime
        0   begin   t7 #1
        40  join    scheduler
        60  preempt c0 t7
        70  in      c0 t7
        100 end     t7 #1
        => #1 wall 100 = running 30, preempted 10, unknown 60 (incomplete)
        => because NotJoined
        """);

    [Fact]
    public void An_observer_that_comes_in_a_suspension_knows_none_of_it() => Story.Check("""
        0   in      c0 t7
        10  begin   t7 #1
        40  resume
        60  end     t7 #1
        => #1 wall 50 = running 50 (incomplete)
        => because NotSeen
        """);

    [Fact]
    public void A_thread_that_was_asleep_when_the_observer_came_waits_from_its_wake_up() => Story.Check("""
        0   seen    t7 sleeping
        40  wake    c0 t7
        50  in      c0 t7
        => waited 10
        60  begin   t7 #1
        90  end     t7 #1
        => #1 wall 30 = running 30
        """);

    [Fact]
    public void A_wake_up_that_no_switch_follows_leaves_the_thread_waiting() => Story.Check("""
        0   in      c0 t7
        0   in      c1 t8
        5   begin   t7 #1
        20  out     c1 t8
        30  wake    c0 t8
        65  end     t7 #1
        => #1 wall 60 = running 60
        => pool other running 15, waking 35, blocked 10
        => pool driving running 60
        => pool threads 2
        """);

    [Fact]
    public void A_thread_that_lost_its_id_before_it_left_for_good_may_come_once_more() => Story.Check("""
        0   in      c0 t7
        10  preempt c0 noid
        10  in      c0 x9
        20  preempt c0 x9
        20  in      c0 noid
        30  exit    c0 noid
        30  in      c0 x9
        """);
}
