namespace Observatory.Timeline.Tests;

/// <summary>Who held the CPU a thread of the target waited for.</summary>
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
        40  in      c0 t7
        => preemptor 9 20
        => preemptor 8 5
        => preemptor 0 5
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
    public void A_cpu_whose_holder_was_not_seen_yet_was_held_by_somebody_unknown() => Story.Check("""
        0   in      c0 t7
        10  preempt c0 t7
        30  in      c1 x9
        35  out     c1 x9
        35  in      c1 t7
        => preemptor -1 20
        => preemptor 9 5
        """);

    [Fact]
    public void What_held_a_cpu_in_a_loss_is_unknown_until_its_next_switch() => Story.Check("""
        0   in      c1 x9
        10  in      c1 x8
        => broken chain
        15  preempt c0 t7
        25  preempt c1 x8
        30  in      c1 t7
        => preemptor 8 10
        => preemptor 0 5
        """);

    [Fact]
    public void Holders_are_forgotten_when_nobody_waits()
    {
        var holders = new CpuHolders();
        for (int at = 1; at < 10_000; at++) holders.Hold(at, new(at), () => Timestamp.Never);
        Assert.InRange(holders.Count, 1, 64);
        for (int at = 10_000; at < 90_000; at++) holders.Hold(at, new(at), () => new(9_990));
        Assert.InRange(holders.Count, 1, 2 * CpuHolders.Most);
    }
}
