namespace Observatory.Timeline.Tests;

/// <summary>What a driving thread's time is charged to while nothing is missing.</summary>
public sealed class StateStories
{
    [Fact]
    public void A_thread_that_tells_something_is_running() => Story.Check("""
        0   begin t7 #1
        100 end   t7 #1
        => #1 wall 100 = running 100
        """);

    [Fact]
    public void A_thread_that_lost_its_cpu_is_preempted_until_it_gets_one() => Story.Check("""
        0   begin   t7 #1
        40  preempt c0 t7
        70  in      c0 t7
        => waited 30
        100 end     t7 #1
        => #1 wall 100 = running 70, preempted 30
        """);

    [Fact]
    public void A_thread_that_gave_its_cpu_up_is_blocked_until_woken_and_then_waking() => Story.Check("""
        0   begin t7 #1
        40  out   c0 t7
        60  wake  c1 t7
        65  in    c0 t7
        => waited 5
        100 end   t7 #1
        => #1 wall 100 = running 75, waking 5, blocked 20
        """);

    [Fact]
    public void A_wake_up_before_the_thread_has_left_its_cpu_makes_the_whole_wait_waking() => Story.Check("""
        0   begin t7 #1
        39  wake  c1 t7
        40  out   c0 t7
        60  in    c0 t7
        => waited 20
        100 end   t7 #1
        => #1 wall 100 = running 80, waking 20
        """);

    [Fact]
    public void A_sleep_whose_wake_up_was_not_seen_is_unknown_and_no_wait() => Story.Check("""
        0   in    c0 t7
        0   begin t7 #1
        40  out   c0 t7
        60  in    c1 t7
        => unseen wake-up
        100 end   t7 #1
        => #1 wall 100 = running 80, unknown 20 (incomplete)
        => because UnseenWakeUp
        110 preempt c1 t7
        120 in      c1 t7
        => waited 10
        """);

    [Fact]
    public void A_cpu_that_nothing_came_to_meanwhile_was_idle_also_where_its_idle_task_is_not_recorded() => Story.Check("""
        0   in    c0 t7
        0   begin t7 #1
        40  out   c0 t7
        60  in    c0 t7
        => inferred wake-up
        100 end   t7 #1
        => #1 wall 100 = running 80, blocked 20
        """);

    [Fact]
    public void A_cpu_that_another_thread_has_just_left_was_not_idle() => Story.Check("""
        0   in    c0 t7
        0   begin t7 #1
        40  out   c0 t7
        41  in    c0 x9
        59  out   c0 x9
        60  in    c0 t7
        => unseen wake-up
        100 end   t7 #1
        => #1 wall 100 = running 80, unknown 20 (incomplete)
        """);

    [Fact]
    public void A_thread_that_comes_to_an_idle_cpu_without_a_wake_up_slept_until_then() => Story.Check("""
        0   in    c0 t7
        0   begin t7 #1
        40  out   c0 t7
        40  in    c0 idle
        60  out   c0 idle
        60  in    c0 t7
        => inferred wake-up
        100 end   t7 #1
        => #1 wall 100 = running 80, blocked 20
        => blocked 20 interrupt
        """);

    [Fact]
    public void A_thread_that_follows_another_without_a_wake_up_may_have_waited_for_it() => Story.Check("""
        0   in    c0 t7
        0   begin t7 #1
        40  out   c0 t7
        40  in    c0 idle
        50  out   c0 idle
        50  in    c0 x9
        60  out   c0 x9
        60  in    c0 t7
        => unseen wake-up
        100 end   t7 #1
        => #1 wall 100 = running 80, unknown 20 (incomplete)
        => because UnseenWakeUp
        """);

    [Fact]
    public void After_a_loss_an_idle_cpu_proves_nothing_about_the_wake_up() => Story.Check("""
        0   in    c0 t7
        0   in    c1 idle
        0   begin t7 #1
        40  out   c0 t7
        40  in    c0 idle
        50  lost  c1
        60  out   c0 idle
        60  in    c0 t7
        100 end   t7 #1
        => #1 wall 100 = running 80, unknown 20 (incomplete)
        => because RecordsLost
        """);

    [Fact]
    public void Where_threads_outside_of_a_namespace_have_no_number_an_idle_cpu_may_have_been_theirs() => Story.Check("""
        0   in    c0 t7
        0   begin t7 #1
        40  out   c0 t7
        40  in    c0 idle
        60  out   c0 idle
        60  in    c0 t7
        => unseen wake-up
        100 end   t7 #1
        => #1 wall 100 = running 80, unknown 20 (incomplete)
        """, seesWholeMachine: false);

    [Fact]
    public void Recorded_wake_ups_to_idle_cpus_say_how_much_waking_an_inferred_one_hides()
    {
        var timeline = new Timeline(StoryLine.Target, new Recorder());
        timeline.Join(StreamKind.Runtime, Timestamp.Zero);
        timeline.Join(StreamKind.Scheduler, Timestamp.Zero);
        timeline.Add(TimelineEvent.SwitchIn(new(1), 0, 0, 0));
        for (int n = 1; n <= 1000; n++)
        {
            // Most take 50 us to come, one in two hundred 3 ms.
            long woken = n * 10_000_000, came = woken + (n % 200 == 0 ? 3_000_000 : 50_000);
            timeline.Add(TimelineEvent.Waking(new(woken), 0, 7));
            timeline.Add(TimelineEvent.SwitchOut(new(came), 0, 0, 0));
            timeline.Add(TimelineEvent.SwitchIn(new(came), 0, 7, StoryLine.Target));
            timeline.Add(TimelineEvent.SwitchOut(new(came + 1000), 0, 7, StoryLine.Target));
            timeline.Add(TimelineEvent.SwitchIn(new(came + 1000), 0, 0, 0));
        }

        timeline.Advance(StreamKind.Scheduler, new(20_000_000_000));
        timeline.Advance(StreamKind.Runtime, new(20_000_000_000));
        Assert.InRange(timeline.Counters.InferredWakingAtMost!.Value.Nanoseconds, 50_000, 50_000 * 1.2);
    }

    [Fact]
    public void A_wait_in_which_a_thread_that_cannot_be_named_was_woken_is_unknown() => Story.Check("""
        0   begin t7 #1
        40  out   c0 t7
        60  wake  c1 stranger
        65  in    c0 t7
        100 end   t7 #1
        => #1 wall 100 = running 75, unknown 25 (incomplete)
        """);

    [Fact]
    public void A_thread_that_was_woken_by_name_was_not_the_stranger() => Story.Check("""
        0   begin t7 #1
        40  out   c0 t7
        50  wake  c1 stranger
        60  wake  c1 t7
        65  in    c0 t7
        => waited 5
        100 end   t7 #1
        => #1 wall 100 = running 75, waking 5, blocked 20
        """);

    [Fact]
    public void A_wake_up_of_a_running_thread_changes_nothing() => Story.Check("""
        0   begin t7 #1
        20  wake  c1 t7
        40  out   c0 t7
        60  wake  c1 t7
        65  in    c0 t7
        100 end   t7 #1
        => #1 wall 100 = running 75, waking 5, blocked 20
        """);

    [Fact]
    public void A_second_wake_up_changes_nothing() => Story.Check("""
        0   begin t7 #1
        40  out   c0 t7
        60  wake  c1 t7
        70  wake  c2 t7
        80  in    c0 t7
        100 end   t7 #1
        => #1 wall 100 = running 60, waking 20, blocked 20
        """);

    [Fact]
    public void A_thread_may_come_back_on_another_cpu() => Story.Check("""
        0   begin   t7 #1
        40  preempt c0 t7
        50  in      c1 t7
        60  out     c1 t7
        65  wake    c2 t7
        70  in      c0 t7
        100 end     t7 #1
        => #1 wall 100 = running 80, preempted 10, waking 5, blocked 5
        """);

    [Fact]
    public void A_suspension_takes_precedence_whatever_the_thread_does_in_it() => Story.Check("""
        0   begin   t7 #1
        20  out     c0 t7
        30  suspend
        40  wake    c1 t7
        50  in      c0 t7
        60  preempt c0 t7
        70  resume
        => suspended 40
        80  in      c0 t7
        100 end     t7 #1
        => #1 wall 100 = gc 40, running 40, preempted 10, blocked 10
        """);

    [Fact]
    public void A_suspension_within_a_wait_leaves_the_kind_of_the_wait_open_until_its_end() => Story.Check("""
        0   begin   t7 #1
        15  wake    c1 t7
        20  out     c0 t7
        30  suspend
        40  resume
        50  in      c0 t7
        100 end     t7 #1
        => #1 wall 100 = gc 10, running 70, waking 20
        """);

    [Fact]
    public void Only_what_lies_inside_the_iteration_is_charged() => Story.Check("""
        0   in      c0 t7
        10  preempt c0 t7
        20  suspend
        30  in      c0 t7
        40  begin   t7 #1
        50  resume
        60  end     t7 #1
        => #1 wall 20 = gc 10, running 10
        70  out     c0 t7
        """);

    [Fact]
    public void Threads_of_other_processes_only_hold_cpus() => Story.Check("""
        0   in      c0 t7
        0   begin   t7 #1
        10  preempt c0 t7
        10  in      c0 x9
        20  wake    c1 x9
        30  preempt c0 x9
        30  in      c0 t7
        => waited 20
        60  in      c1 x9
        100 end     t7 #1
        => #1 wall 100 = running 80, preempted 20
        """);

    [Fact]
    public void Driving_threads_have_accounts_of_their_own() => Story.Check("""
        0   begin   t7 #1
        10  begin   t8 #2
        20  preempt c0 t7
        30  out     c1 t8
        40  wake    c0 t8
        50  in      c0 t7
        60  in      c1 t8
        80  end     t8 #2
        => #2 wall 70 = running 40, waking 20, blocked 10
        100 end     t7 #1
        => #1 wall 100 = running 70, preempted 30
        """);
}
