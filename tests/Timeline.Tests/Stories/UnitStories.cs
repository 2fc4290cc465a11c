namespace Observatory.Timeline.Tests;

/// <summary>Units of work that move between threads, and iterations that do so, or stand in one another.</summary>
public sealed class UnitStories
{
    [Fact]
    public void A_unit_is_its_segments_and_the_gaps_between_them() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t8
        10  open  u1
        15  enter t7 u1
        20  out   c0 t7
        25  wake  c0 t7
        30  in    c0 t7
        40  pause t7 u1
        60  ready u1
        65  enter t8 u1
        70  preempt c1 t8
        80  in    c1 t8
        90  pause t8 u1
        95  close u1
        => u1 wall 85 = running 30, preempted 10, waking 5, blocked 5, queued 10, awaiting 25
        => segments 2
        """);

    [Fact]
    public void What_a_thread_does_between_its_segments_is_not_the_units() => Story.Check("""
        0   in    c0 t7
        10  open  u1
        10  enter t7 u1
        20  pause t7 u1
        30  preempt c0 t7
        40  in    c0 t7
        50  enter t7 u1
        60  pause t7 u1
        60  close u1
        => u1 wall 50 = running 20, awaiting 30
        => switches 0 voluntary, 0 involuntary, 0 migrations
        """);

    [Fact]
    public void Units_overlap_and_each_has_an_account_of_its_own() => Story.Check("""
        0   in    c0 t7
        10  open  u1
        10  enter t7 u1
        20  pause t7 u1
        20  open  u2
        20  enter t7 u2
        30  ready u1
        40  pause t7 u2
        45  enter t7 u1
        50  pause t7 u1
        55  close u1
        => u1 wall 45 = running 15, queued 15, awaiting 15
        60  close u2
        => u2 wall 40 = running 20, awaiting 20
        """);

    [Fact]
    public void A_suspension_takes_precedence_in_a_gap_too() => Story.Check("""
        0   in      c0 t7
        10  open    u1
        10  enter   t7 u1
        20  pause   t7 u1
        30  suspend
        40  resume
        50  close   u1
        => u1 wall 40 = gc 10, running 10, awaiting 20
        """);

    [Fact]
    public void After_a_loss_of_the_runtime_it_is_unknown_who_works_on_a_unit_until_a_segment_begins() => Story.Check("""
        0   in    c0 t7
        10  open  u1
        10  enter t7 u1
        20  advance runtime
        20  advance scheduler
        40  lost  runtime
        60  enter t7 u1
        80  pause t7 u1
        80  close u1
        90  advance scheduler
        90  advance runtime
        => u1 wall 70 = running 30, unknown 40 (incomplete)
        => because EventsDropped
        """);

    [Fact]
    public void Of_two_threads_at_once_the_longer_one_leads_and_both_count_as_work() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t8
        10  open  u1
        10  enter t7 u1
        30  enter t8 u1
        40  out   c0 t7
        60  pause t8 u1
        65  wake  c1 t7 by t8
        70  in    c0 t7
        80  pause t7 u1
        80  close u1
        => u1 wall 70 = running 40, waking 5, blocked 25
        => work running 70, waking 5, blocked 25
        => segments 2
        """);

    [Fact]
    public void When_the_leading_thread_leaves_the_other_one_leads_from_there() => Story.Check("""
        0   in      c0 t7
        0   in      c1 t8
        10  open    u1
        10  enter   t7 u1
        20  enter   t8 u1
        25  preempt c1 t8
        40  pause   t7 u1
        50  in      c1 t8
        60  pause   t8 u1
        75  close   u1
        => u1 wall 65 = running 40, preempted 10, awaiting 15
        => work running 45, preempted 25
        """);

    [Fact]
    public void A_sleep_of_a_thread_that_does_not_lead_is_not_blocked_time_of_the_unit() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t8
        10  open  u1
        10  enter t7 u1
        10  enter t8 u1
        20  out   c1 t8
        40  wake  c0 t8 by t7
        45  in    c1 t8
        50  pause t8 u1
        60  pause t7 u1
        60  close u1
        => u1 wall 50 = running 50
        => work running 65, waking 5, blocked 20
        """);

    [Fact]
    public void A_unit_may_end_while_a_thread_goes_on_for_it() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t8
        10  open  u1
        10  enter t7 u1
        20  enter t8 u1
        30  pause t7 u1
        35  close u1
        => u1 wall 25 = running 25
        => work running 35
        60  pause t8 u1
        70  open  u2
        70  enter t8 u2
        80  pause t8 u2
        80  close u2
        => u2 wall 10 = running 10
        => work running 10
        """);

    [Fact]
    public void How_long_a_unit_was_queued_may_be_told_when_a_thread_takes_it() => Story.Check("""
        0   in    c0 t7
        10  open  u1
        10  enter t7 u1
        20  pause t7 u1
        80  enter t7 u1 queued 25
        90  pause t7 u1
        90  close u1
        => u1 wall 80 = running 20, queued 25, awaiting 35
        100 open  u2
        100 enter t7 u2 queued 40
        110 pause t7 u2
        110 close u2
        => u2 wall 10 = running 10
        """);

    [Fact]
    public void The_moment_between_leaving_a_unit_and_telling_its_end_is_still_for_it() => Story.Check("""
        0   in    c0 t7
        10  open  u1
        10  enter t7 u1
        50  pause t7 u1
        55  close u1 t7
        => u1 wall 45 = running 45
        => work running 45
        60  open  u2
        60  enter t7 u2
        70  pause t7 u2
        75  preempt c0 t7
        85  in    c0 t7
        90  close u2 t7
        => u2 wall 30 = running 10, awaiting 20
        => work running 10
        """);

    [Fact]
    public void A_unit_of_which_no_segment_was_told_has_its_length() => Story.Check("""
        0   in      c0 t7
        10  open    u1
        20  suspend
        25  resume
        50  close   u1
        => u1 wall 40 = gc 5, unknown 35 (incomplete)
        => because NoSegments
        => segments 0
        """);

    [Fact]
    public void A_unit_whose_end_will_not_be_seen_has_no_account() => Story.Check("""
        0   in    c0 t7
        10  open  u1
        10  enter t7 u1
        30  drop  u1
        => unpaired unit
        40  open  u2
        40  enter t7 u2
        50  pause t7 u2
        50  close u2
        => u2 wall 10 = running 10
        """);

    [Fact]
    public void A_thread_that_ends_does_not_end_the_unit_it_works_on() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t8
        10  open  u1
        10  enter t7 u1
        20  enter t8 u1
        30  exit  c0 t7
        40  pause t8 u1
        50  close u1
        => u1 wall 40 = running 30, awaiting 10
        """);

    [Fact]
    public void A_sleep_inside_a_segment_is_charged_to_its_waker() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t9
        10  open  u1
        10  enter t7 u1
        20  out   c0 t7
        60  wake  c1 t7 by t9
        65  in    c0 t7
        80  pause t7 u1
        80  close u1
        => u1 wall 70 = running 25, waking 5, blocked 40
        => blocked 40 running of 9
        """);

    [Fact]
    public void A_thread_that_works_on_a_unit_keeps_its_role() => Story.Check("""
        0   in    c0 t7
        10  open  u1
        10  enter t7 u1
        20  pause t7 u1
        20  close u1
        => u1 wall 10 = running 10
        30  out   c0 t7
        => process other running 30
        => process threads 1
        """);

    [Fact]
    public void An_end_of_a_unit_that_never_began_has_no_account() => Story.Check("""
        0   in    c0 t7
        10  close u1
        => unpaired unit
        20  open  u2
        => unpaired unit
        """);

    [Fact]
    public void An_iteration_that_ends_on_another_thread_has_its_length_and_two_segments() => Story.Check("""
        0   in      c0 t7
        0   in      c1 t8
        10  begin   t7 #1
        20  suspend
        30  resume
        60  end     t8 #1
        => #1 wall 50 = gc 10, unknown 40 (incomplete)
        => because ThreadChanged
        => moved
        70  begin   t7 #2
        80  end     t7 #2
        => #2 wall 10 = running 10
        """);

    [Fact]
    public void An_iteration_inside_another_is_counted_and_the_inner_one_has_its_account() => Story.Check("""
        0   in    c0 t7
        10  begin t7 #1
        20  begin t7 #2
        => end missing
        30  end   t7 #2
        => #2 wall 10 = running 10
        40  end   t7 #1
        => beginning missing
        => nested
        """);

    [Fact]
    public void An_iteration_whose_thread_began_another_and_that_ends_elsewhere_has_moved() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t8
        10  begin t7 #1
        20  begin t7 #2
        => end missing
        30  end   t8 #1
        => beginning missing
        => moved
        40  end   t7 #2
        => #2 wall 20 = running 20
        """);

    [Fact]
    public void What_is_awaited_is_the_operation_that_is_under_way() => Story.Check("""
        0   in     c0 t7
        10  open   u1
        10  enter  t7 u1
        15  awaits u1 http
        20  pause  t7 u1
        50  enter  t7 u1
        55  awaits u1 other
        60  pause  t7 u1
        90  enter  t7 u1
        95  pause  t7 u1
        95  close  u1
        => u1 wall 85 = running 25, awaiting 60
        => awaited other 30, http 30
        """);

    [Fact]
    public void An_operation_that_begins_or_ends_while_no_thread_works_on_it_divides_the_gap() => Story.Check("""
        0   in      c0 t7
        10  open    u1
        10  enter   t7 u1
        20  pause   t7 u1
        30  awaits  u1 dns
        35  suspend
        45  resume
        50  awaits  u1 tls
        70  ready   u1
        75  awaits  u1 other
        80  enter   t7 u1
        85  pause   t7 u1
        85  close   u1
        => u1 wall 75 = gc 10, running 15, queued 10, awaiting 40
        => awaited other 10, dns 10, tls 20
        """);

    [Fact]
    public void Of_what_was_queued_no_operation_gets_a_part() => Story.Check("""
        0   in     c0 t7
        10  open   u1
        10  enter  t7 u1
        10  awaits u1 http
        20  pause  t7 u1
        60  enter  t7 u1 queued 15
        70  pause  t7 u1
        70  close  u1
        => u1 wall 60 = running 20, queued 15, awaiting 25
        => awaited http 25
        """);

    [Fact]
    public void After_a_loss_it_is_unknown_what_is_awaited_until_an_operation_begins_or_ends() => Story.Check("""
        0   in     c0 t7
        10  open   u1
        10  enter  t7 u1
        15  awaits u1 http
        20  advance runtime
        20  advance scheduler
        40  lost   runtime
        60  enter  t7 u1
        70  pause  t7 u1
        80  enter  t7 u1
        85  awaits u1 http
        90  pause  t7 u1
        99  close  u1
        99  advance scheduler
        99  advance runtime
        => u1 wall 89 = running 30, unknown 40, awaiting 19 (incomplete)
        => because EventsDropped
        => awaited http 9, unknown 10
        """);
}
