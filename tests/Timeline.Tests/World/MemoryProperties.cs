namespace Observatory.Timeline.Tests;

/// <summary>What the timeline holds does not depend on how long it runs.</summary>
public sealed class MemoryProperties
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Hours_of_events_leave_nothing_behind(bool perThread)
    {
        int lanes = perThread ? 4 : 5;
        LongRun run = new LongRun(perThread).Live(hours: 3);
        Assert.True(run.Closed > 200_000);
        Assert.Equal(
            // The runtime, notes about threads, two rings of CPUs and one of faults, or two of threads; the driver, the worker; iterations whose end may still come; stretches are
            // forgotten when 64 have come together.
            new TimelineFootprint(Events: 0, Lanes: lanes, Chains: 2, Losses: 0, Threads: 2, Units: 1 + UnitLedger.MostDisplaced, History: 2 * StateHistory.Most, Holders: 0),
            run.Most with { Holders = 0 });
        Assert.InRange(run.Most.Holders, perThread ? 0 : 2, perThread ? 0 : 2 * 64);
    }

    [Fact]
    public void What_is_told_of_threads_after_their_exit_leaves_nothing_behind()
    {
        var timeline = new Timeline(StoryLine.Target, new LongRun(perThread: true));
        timeline.Join(StreamKind.Scheduler, Timestamp.Zero);
        for (int thread = 100; thread < 300; thread++)
        {
            int ring = LossScope.Thread(thread).Value;
            timeline.Add(TimelineEvent.SwitchIn(new(thread), ring, thread, StoryLine.Target));
            timeline.Add(TimelineEvent.Exited(new(thread), ring, thread, StoryLine.Target));
            timeline.Advance(StreamKind.Scheduler, new(thread));
            // Its ring had overflowed, and is read once more.
            timeline.AddLoss(LossScope.Thread(thread), new(thread));
            timeline.Add(TimelineEvent.PageFaults(new(thread), ring, thread, 1, major: false));
        }

        for (int at = 1000; at < 1100; at++) timeline.Advance(StreamKind.Scheduler, new(at));
        TimelineFootprint left = timeline.Footprint;
        Assert.Equal((0, 0, 0, 0), (left.Events, left.Chains, left.Threads, left.Losses - 1));
        Assert.InRange(left.Lanes, 0, 1);
    }

    /// <summary>However many threads sleep inside a unit of their own meanwhile.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(512)]
    public void A_context_switch_allocates_nothing(int sleepers)
    {
        var timeline = new Timeline(StoryLine.Target, new LongRun(perThread: false));
        timeline.Join(StreamKind.Scheduler, Timestamp.Zero);
        timeline.Join(StreamKind.Runtime, Timestamp.Zero);
        int now = 0, switches = 0;
        timeline.Add(TimelineEvent.SwitchIn(new(++now), 0, 7, StoryLine.Target));
        timeline.Add(TimelineEvent.SwitchIn(new(++now), 1, 6, StoryLine.Target));
        timeline.Add(TimelineEvent.IterationBegan(new(++now), 7, 1, 0));
        timeline.Add(TimelineEvent.SwitchOut(new(++now), 0, 7, StoryLine.Target));
        timeline.Add(TimelineEvent.SwitchIn(new(++now), 0, 8, 2));
        for (int sleeper = 100; sleeper < 100 + sleepers; sleeper++)
        {
            timeline.Add(TimelineEvent.SwitchIn(new(++now), 2, sleeper, StoryLine.Target));
            timeline.Add(TimelineEvent.IterationBegan(new(++now), sleeper, sleeper, 0));
            timeline.Add(TimelineEvent.SwitchOut(new(++now), 2, sleeper, StoryLine.Target));
        }

        // Rings, histories and the compiler are ready after some thousand.
        for (int i = 0; i < 5_000; i++) Switch();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5_000; i++) Switch();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        // A thread of the target takes the CPU of a stranger and sleeps until another thread of the target wakes it.
        void Switch()
        {
            timeline.Add(TimelineEvent.Waking(new(++now), 1, 7, 6));
            timeline.Add(TimelineEvent.Preempted(new(++now), 0, 8, 2));
            timeline.Add(TimelineEvent.SwitchIn(new(++now), 0, 7, StoryLine.Target));
            timeline.Add(TimelineEvent.SwitchOut(new(++now), 0, 7, StoryLine.Target));
            timeline.Add(TimelineEvent.SwitchIn(new(++now), 0, 8, 2));
            if (++switches % 20 != 0) return;
            timeline.Advance(StreamKind.Scheduler, new(now));
            timeline.Advance(StreamKind.Runtime, new(now));
        }
    }

    [Fact]
    public void A_thread_that_waits_for_hours_costs_a_bounded_memory_of_holders()
    {
        var timeline = new Timeline(StoryLine.Target, new LongRun(perThread: false));
        timeline.Join(StreamKind.Scheduler, Timestamp.Zero);
        timeline.Add(TimelineEvent.SwitchIn(new(1), 0, 7, StoryLine.Target));
        timeline.Add(TimelineEvent.Preempted(new(2), 0, 7, StoryLine.Target));
        for (int at = 10; at < 1_000_000; at += 10)
        {
            timeline.Add(TimelineEvent.SwitchIn(new(at), 0, at, at));
            timeline.Add(TimelineEvent.SwitchOut(new(at + 9), 0, at, at));
            timeline.Advance(StreamKind.Scheduler, new(at + 9));
        }

        Assert.InRange(timeline.Footprint.Holders, 1, 2 * CpuHolders.Most);
    }
}
