namespace Observatory.Timeline.Tests;

/// <summary>What blocked time waited for: whoever ends the sleep, and what it did meanwhile.</summary>
public sealed class BlockedStories
{
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
    public void What_the_waker_itself_slept_for_is_not_followed() => Story.Check("""
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
        => blocked 20 sleeping of 9
        """);

    [Fact]
    public void A_timer_or_a_device_wakes_in_nobodys_name() => Story.Check("""
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
    public void A_waker_that_nobody_could_name_leaves_the_sleep_unexplained() => Story.Check("""
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
    public void A_suspension_inside_the_sleep_is_gc_and_waited_for_nobody() => Story.Check("""
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
}
