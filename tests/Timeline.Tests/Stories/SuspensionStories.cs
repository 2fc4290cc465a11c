namespace Observatory.Timeline.Tests;

/// <summary>Which thread a suspension waited for.</summary>
public sealed class SuspensionStories
{
    [Fact]
    public void The_thread_that_ran_on_and_sleeps_until_all_go_on_was_last() => Story.Check("""
        0        in      c0 t7
        0        in      c1 t8
        1000000  suspend t7
        9000000  still
        9010000  out     c1 t8
        9500000  wake    c0 t8 by t7
        9600000  resume
        => suspended 8600000
        => stopped 8000000, last t8
        """);

    [Fact]
    public void A_thread_without_a_cpu_is_waited_for_until_it_has_had_one() => Story.Check("""
        0        in      c0 t7
        0        in      c1 t8
        900000   preempt c1 t8
        900000   in      c1 x9
        1000000  suspend t7
        8900000  out     c1 x9
        8900000  in      c1 t8
        8950000  out     c1 t8
        9000000  still
        9500000  wake    c0 t8 by t7
        9600000  resume
        => suspended 8600000
        => stopped 8000000, last t8
        """);

    [Fact]
    public void Threads_that_stood_still_early_were_not_waited_for() => Story.Check("""
        0        in      c0 t7
        0        in      c1 t8
        0        in      c2 t6
        1000000  suspend t7
        1050000  out     c2 t6
        9000000  still
        9010000  out     c1 t8
        9500000  wake    c0 t6 by t7
        9510000  wake    c0 t8 by t7
        9600000  resume
        => suspended 8600000
        => stopped 8000000, last t8
        """);

    [Fact]
    public void A_thread_that_comes_back_from_native_code_in_time_is_not_told_from_the_last_one() => Story.Check("""
        0        in      c0 t7
        0        in      c1 t8
        0        in      c2 t6
        1000000  suspend t7
        8900000  out     c2 t6
        9000000  still
        9010000  out     c1 t8
        9500000  wake    c0 t6 by t7
        9510000  wake    c0 t8 by t7
        9600000  resume
        => suspended 8600000
        => stopped 8000000, last unknown
        """);

    [Fact]
    public void A_thread_that_sleeps_in_native_code_is_woken_by_another() => Story.Check("""
        0        in      c0 t7
        0        in      c1 t8
        0        in      c2 t6
        1000000  suspend t7
        8900000  out     c1 t8
        9000000  still
        9200000  wake    c2 t8 by t6
        9210000  in      c1 t8
        9600000  resume
        => suspended 8600000
        => stopped 8000000, last unknown
        """);

    [Fact]
    public void A_thread_that_runs_native_code_all_the_time_is_not_waited_for() => Story.Check("""
        0        in      c0 t7
        0        in      c1 t8
        1000000  suspend t7
        9000000  still
        9600000  resume
        => suspended 8600000
        => stopped 8000000, last unknown
        """);

    [Fact]
    public void A_thread_that_was_asleep_in_between_does_not_count() => Story.Check("""
        0        in      c0 t7
        0        in      c1 t8
        1000000  suspend t7
        2000000  out     c1 t8
        3000000  wake    c0 t8 by interrupt
        3000000  in      c1 t8
        8900000  out     c1 t8
        9000000  still
        9500000  wake    c0 t8 by t7
        9600000  resume
        => suspended 8600000
        => stopped 8000000, last unknown
        """);

    [Fact]
    public void The_one_that_asks_notices_late_while_it_has_no_cpu_itself() => Story.Check("""
        0        in      c0 t7
        0        in      c1 t8
        1000000  suspend t7
        2000000  preempt c0 t7
        2000000  in      c0 x9
        3000000  out     c1 t8
        8900000  out     c0 x9
        8900000  in      c0 t7
        9000000  still
        9500000  wake    c0 t8 by t7
        9600000  resume
        => suspended 8600000
        => stopped 8000000, last t8
        """);

    [Fact]
    public void While_it_has_looked_for_longer_the_thread_was_not_the_last() => Story.Check("""
        0        in      c0 t7
        0        in      c1 t8
        1000000  suspend t7
        3000000  out     c1 t8
        9000000  still
        9500000  wake    c0 t8 by t7
        9600000  resume
        => suspended 8600000
        => stopped 8000000, last unknown
        """);

    [Fact]
    public void Where_switches_are_missing_nothing_is_said() => Story.Check("""
        0        in      c0 t7
        0        in      c1 t8
        0        in      c2 t6
        1000000  suspend t7
        5000000  lost    c2
        8950000  out     c1 t8
        9000000  still
        9500000  wake    c0 t8 by t7
        9600000  resume
        => suspended 8600000
        => stopped 8000000, last unknown
        """);
}
