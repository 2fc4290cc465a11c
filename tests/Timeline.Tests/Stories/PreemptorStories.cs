namespace Observatory.Timeline.Tests;

/// <summary>Which thread held the CPU that a thread of the target waited for.</summary>
public sealed class PreemptorStories
{
    [Fact]
    public void Each_holder_of_the_cpu_is_charged_for_its_part_of_the_wait() => Story.Check("""
        0   in      c0 t7
        10  preempt c0 t7
        10  in      c0 x9
        30  preempt c0 x9
        30  in      c0 t8
        35  out     c0 t8
        35  in      c0 x0
        40  preempt c0 x0
        40  in      c0 t7
        => preemptor 9 20
        => preemptor 8 5
        => preemptor 0 5
        """);

    [Fact]
    public void Own_threads_that_share_a_cpu_do_so_because_another_process_has_the_other_one() => Story.Check("""
        0   in      c0 t7
        0   in      c1 x9
        10  preempt c0 t7
        10  in      c0 t8
        30  preempt c0 t8
        30  in      c0 t7
        => preemptor 8 20 elsewhere 9
        """);

    [Fact]
    public void Nobody_else_is_named_where_the_other_cpu_was_free_for_half_of_the_wait() => Story.Check("""
        0   in      c0 t7
        0   in      c1 x9
        10  preempt c0 t7
        10  in      c0 t8
        20  out     c1 x9
        20  in      c1 x0
        30  preempt c0 t8
        30  in      c0 t7
        => preemptor 8 20
        """);

    [Fact]
    public void Nobody_else_is_named_where_own_threads_had_both_cpus() => Story.Check("""
        0   in      c0 t7
        0   in      c1 t6
        10  preempt c0 t7
        10  in      c0 t8
        30  preempt c0 t8
        30  in      c0 t7
        => preemptor 8 20
        """);

    [Fact]
    public void A_switch_takes_time_and_belongs_to_whoever_comes() => Story.Check("""
        0   in      c0 t7
        10  preempt c0 t7
        12  in      c0 x9
        30  out     c0 x9
        31  in      c0 x0
        40  preempt c0 x0
        41  in      c0 t7
        => preemptor 9 20
        => preemptor 0 11
        """);

    [Fact]
    public void A_thread_that_lost_its_cpu_waits_for_that_one_also_when_another_takes_it_in() => Story.Check("""
        0   in      c0 t7
        0   in      c1 x0
        10  preempt c0 t7
        10  in      c0 x9
        20  preempt c1 x0
        20  in      c1 x8
        40  preempt c1 x8
        40  in      c1 t7
        => preemptor 9 30
        """);

    [Fact]
    public void A_cpu_that_goes_idle_has_no_thread_in_its_queue() => Story.Check("""
        0   in      c0 t7
        0   in      c1 x8
        10  preempt c0 t7
        10  in      c0 x9
        20  out     c0 x9
        20  in      c0 x0
        40  preempt c1 x8
        40  in      c1 t7
        => preemptor 9 10
        => preemptor 8 20
        """);

    [Fact]
    public void Threads_that_have_no_id_any_more_are_not_one_thread() => Story.Check("""
        0   in      c0 t7
        10  in      c1 noid
        20  out     c1 noid
        30  preempt c0 t7
        30  in      c0 noid
        40  out     c0 noid
        40  in      c0 t7
        => waited 10
        => preemptor -1 10
        """);

    [Fact]
    public void The_cpu_a_thread_comes_to_is_the_one_it_waited_for() => Story.Check("""
        0   in      c0 t7
        0   in      c1 x9
        10  out     c0 t7
        10  in      c0 x8
        20  wake    c0 t7
        30  preempt c1 x9
        30  in      c1 t7
        => preemptor 9 10
        """);

    [Fact]
    public void A_cpu_whose_holder_was_not_seen_yet_was_held_by_an_unknown_thread() => Story.Check("""
        0   in      c0 t7
        5   out     c0 t7
        10  wake    c0 t7
        30  in      c1 x9
        35  out     c1 x9
        35  in      c1 t7
        => preemptor -3 20
        => preemptor 9 5
        """);

    [Fact]
    public void What_held_a_cpu_in_a_loss_is_unknown_until_its_next_switch() => Story.Check("""
        0   in      c1 x9
        10  in      c1 x8
        => broken chain
        12  out     c0 t7
        15  wake    c0 t7
        25  preempt c1 x8
        25  in      c1 x0
        30  preempt c1 x0
        30  in      c1 t7
        => preemptor 8 10
        => preemptor 0 5
        """);

    [Fact]
    public void Holders_are_forgotten_when_no_thread_waits()
    {
        var holders = new CpuHolders();
        for (int at = 1; at < 10_000; at++) holders.SwitchTo(at, new(at), () => Timestamp.Never);
        Assert.InRange(holders.Count, 1, 64);
        for (int at = 10_000; at < 90_000; at++) holders.SwitchTo(at, new(at), () => new(9_990));
        Assert.InRange(holders.Count, 1, 2 * CpuHolders.Most);
    }
}
