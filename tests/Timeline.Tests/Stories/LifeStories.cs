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
        50  exit  c1 nobody
        => end missing
        60  end   t7 #1
        => #1 wall 50 = running 50
        """);

    [Fact]
    public void The_id_of_an_exited_thread_may_be_given_to_another() => Story.Check("""
        0   in    c0 t7
        50  exit  c0 nobody
        50  in    c0 x8
        60  in    c1 t7
        70  begin t7 #1
        90  end   t7 #1
        => #1 wall 20 = running 20
        """);

    [Fact]
    public void A_thread_that_lost_its_id_before_it_left_for_good_may_come_once_more() => Story.Check("""
        0   in      c0 t7
        10  preempt c0 nobody
        10  in      c0 x9
        20  preempt c0 x9
        20  in      c0 nobody
        30  exit    c0 nobody
        30  in      c0 x9
        """);
}
