namespace Observatory.Timeline.Tests;

/// <summary>Counts that stand details the account of an iteration.</summary>
public sealed class DetailsStories
{
    [Fact]
    public void Switches_of_the_driving_thread_are_counted_inside_the_iteration() => Story.Check("""
        0   in      c0 t7
        5   preempt c0 t7
        8   in      c0 t7
        10  begin   t7 #1
        20  preempt c0 t7
        30  in      c1 t7
        40  out     c1 t7
        50  wake    c0 t7
        60  in      c1 t7
        90  end     t7 #1
        => #1 wall 80 = running 50, preempted 10, waking 10, blocked 10
        => switches 1 voluntary, 1 involuntary, 1 migrations
        95  preempt c1 t7
        """);

    [Fact]
    public void Faults_are_counted_for_the_driving_thread_and_for_the_process() => Story.Check("""
        0   in    c0 t7
        0   in    c1 t8
        5   fault c0 t7 4
        10  begin t7 #1
        20  fault c0 t7 3
        30  fault c1 t8 5
        40  fault c1 t8 1 major
        50  fault c1 x9 100
        60  end   t7 #1
        => #1 wall 50 = running 50
        => faults 3 minor, 0 major, pool 8 minor, 1 major
        """);

    [Fact]
    public void Where_a_loss_touches_the_iteration_counts_are_lower_bounds() => Story.Check("""
        0   in      c0 t7
        10  begin   t7 #1
        20  in      c1 x9
        50  lost    c1
        90  end     t7 #1
        => #1 wall 80 = running 80
        => switches 0 voluntary, 0 involuntary, 0 migrations (incomplete)
        """);
}
