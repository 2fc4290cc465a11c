namespace Observatory.Timeline.Tests;

/// <summary>What all threads of the process did while an iteration lasted.</summary>
public sealed class PoolStories
{
    [Fact]
    public void Every_thread_of_the_process_counts_inside_the_window_by_its_role() => Story.Check("""
        0   in      c0 t7
        0   in      c1 t9
        0   role    t9 worker
        5   begin   t7 #1
        20  out     c1 t9
        30  wake    c0 t9
        40  in      c1 t9
        50  preempt c1 t9
        65  end     t7 #1
        => #1 wall 60 = running 60
        => pool driving running 60
        => pool worker running 25, preempted 15, waking 10, blocked 10
        => pool threads 2
        """);

    [Fact]
    public void A_suspension_takes_precedence_for_every_thread() => Story.Check("""
        0   in      c0 t7
        0   in      c1 t9
        5   begin   t7 #1
        20  suspend
        30  out     c1 t9
        40  resume
        65  end     t7 #1
        => #1 wall 60 = gc 20, running 40
        => pool other gc 20, running 15, blocked 25
        => pool driving gc 20, running 40
        => pool threads 2
        """);

    [Fact]
    public void A_thread_counts_from_its_appearance_until_its_exit() => Story.Check("""
        0   in      c0 t7
        0   in      c1 t8
        5   begin   t7 #1
        20  exit    c1 t8
        30  in      c1 t9
        40  role    t9 managed
        50  exit    c1 t9
        65  end     t7 #1
        => #1 wall 60 = running 60
        => pool other running 15
        => pool driving running 60
        => pool managed running 20
        => pool threads 2
        """);

    [Fact]
    public void A_thread_seen_asleep_was_blocked_all_along_and_one_seen_awake_is_unknown() => Story.Check("""
        0   in      c0 t7
        1   seen    t8 sleeping
        2   seen    t9
        3   seen    t7 sleeping
        5   begin   t7 #1
        35  wake    c0 t8
        45  in      c1 t9
        65  end     t7 #1
        => #1 wall 60 = running 60
        => pool other running 20, waking 30, blocked 30, unknown 40
        => pool driving running 60
        => pool threads 3
        """);

    [Fact]
    public void A_sleep_that_began_after_a_wake_up_is_unknown_while_it_lasts() => Story.Check("""
        0   in      c0 t7
        0   in      c1 t9
        5   begin   t7 #1
        10  wake    c0 t9
        20  out     c1 t9
        40  end     t7 #1
        => #1 wall 35 = running 35
        => pool other running 15, unknown 20
        => pool driving running 35
        => pool threads 2
        50  begin   t7 #2
        60  in      c1 t9
        70  end     t7 #2
        => #2 wall 20 = running 20
        => pool other running 10, waking 10
        => pool driving running 20
        => pool threads 2
        """);

    [Fact]
    public void A_loss_makes_the_threads_it_may_concern_unknown() => Story.Check("""
        0   in      c0 t7
        0   in      c1 t9
        5   begin   t7 #1
        20  wake    c1 t9
        50  lost    c1
        65  end     t7 #1
        => #1 wall 60 = running 60
        => pool other running 15, unknown 45
        => pool driving running 60
        => pool threads 2
        """);

    [Fact]
    public void A_thread_whose_id_another_process_has_now_is_gone() => Story.Check("""
        0   in      c0 t7
        0   in      c1 t9
        5   begin   t7 #1
        10  out     c1 t9
        20  in      c1 x9
        65  end     t7 #1
        => #1 wall 60 = running 60
        => pool other running 5, blocked 10
        => pool driving running 60
        => pool threads 2
        """);

    [Fact]
    public void Without_iterations_the_process_has_times_since_the_beginning() => Story.Check("""
        0   in      c0 t7
        10  preempt c0 t7
        25  in      c0 t7
        30  suspend
        40  resume
        => process other gc 10, running 15, preempted 15
        => process threads 1
        """);

    [Fact]
    public void Efficiency_is_running_over_wall_and_threads()
    {
        var times = new StateTimes[PoolSlots.Roles];
        times[(int)ThreadRole.Worker][AccountState.Running] = new Duration(60);
        times[(int)ThreadRole.Driving][AccountState.Running] = new Duration(100);
        Assert.Equal(0.8, new PoolAccount(times, 2, new Duration(100)).Efficiency(2));
        Assert.Equal(0, PoolAccount.None.Efficiency(2));
    }
}
