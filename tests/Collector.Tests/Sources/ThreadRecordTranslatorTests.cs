using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class ThreadRecordTranslatorTests
{
    private const int Target = 70;
    private readonly HashSet<int> _alive = [];
    private readonly ThreadRecordTranslator _translator;

    public ThreadRecordTranslatorTests() => _translator = new ThreadRecordTranslator(
        Target, new SourceStatus("kernel"), new ThreadNames(), _ => { }, [new(71, Since: 1)], _alive.Contains);

    [Fact]
    public void Each_thread_is_alone_on_a_cpu_of_its_own()
    {
        _translator.OnSwitch(new SwitchRecord(5, Cpu: 1, Target, ThreadId: 71, IsSwitchOut: true, IsPreempted: true));
        Assert.Equal([TimelineEvent.Preempted(new Timestamp(5), Ring(71), 71, Target)], _translator.Events.ToArray());
    }

    [Fact]
    public void Time_off_the_cpu_ends_with_a_wake_up_at_the_last_instant()
    {
        _translator.OnSwitch(new SwitchRecord(5, Cpu: 1, Target, ThreadId: 71, IsSwitchOut: false, IsPreempted: false));
        Assert.Equal(
            [TimelineEvent.Waking(new Timestamp(5), Ring(71), 71), TimelineEvent.SwitchIn(new Timestamp(5), Ring(71), 71, Target)],
            _translator.Events.ToArray());
    }

    [Fact]
    public void A_thread_that_ends_leaves_its_cpu_for_good()
    {
        _translator.OnExit(new ExitRecord(5, Cpu: 1, Target, ThreadId: 71));
        Assert.Equal([TimelineEvent.Exited(new Timestamp(5), Ring(71), 71, Target)], _translator.Events.ToArray());
    }

    [Fact]
    public void A_new_thread_of_the_target_asks_for_a_refresh_and_nothing_is_known_of_it_before()
    {
        _translator.OnFork(new ForkRecord(5, 0, 80, 80, 80, 79));
        Assert.False(_translator.HasNewThreads);
        _translator.OnFork(new ForkRecord(6, 0, Target, 72, Target, 71));
        Assert.True(_translator.HasNewThreads);
        _translator.OnRefreshed(new Timestamp(9), [new(71, Since: 1), new(72, Since: 8)]);
        Assert.False(_translator.HasNewThreads);
        Assert.Equal(
            [
                TimelineEvent.ThreadBegan(new Timestamp(6), 72, Target, ThreadRole.Worker, by: 71),
                // The lane of the new thread begins here, so that the loss of its first records does.
                TimelineEvent.Waking(new Timestamp(6), Ring(72), 72),
                TimelineEvent.LossEnded(new Timestamp(8), LossScope.Thread(72), IncompleteReasons.NotJoined),
            ],
            _translator.Events.ToArray());
    }

    [Fact]
    public void A_look_that_finds_no_new_thread_changes_nothing()
    {
        _translator.OnRefreshed(new Timestamp(9), [new(71, Since: 1)]);
        Assert.Empty(_translator.Events.ToArray());
    }

    [Fact]
    public void A_thread_whose_last_record_was_lost_has_ended_when_two_looks_in_a_row_miss_it()
    {
        _translator.OnRefreshed(new Timestamp(9), []);
        Assert.Empty(_translator.Events.ToArray());
        _translator.OnRefreshed(new Timestamp(19), []);
        _translator.OnRefreshed(new Timestamp(29), []);
        Assert.Equal([TimelineEvent.Exited(new Timestamp(19), Ring(71), 71, Target)], _translator.Events.ToArray());
    }

    [Fact]
    public void A_thread_that_has_told_its_end_ends_once()
    {
        _translator.OnRefreshed(new Timestamp(9), []);
        _translator.OnExit(new ExitRecord(8, Cpu: 1, Target, ThreadId: 71));
        _translator.OnRefreshed(new Timestamp(19), []);
        Assert.Equal([TimelineEvent.Exited(new Timestamp(8), Ring(71), 71, Target)], _translator.Events.ToArray());
    }

    [Fact]
    public void A_thread_that_is_gone_before_it_gets_a_ring_is_not_kept_for_ever()
    {
        _translator.OnFork(new ForkRecord(5, 0, Target, 72, Target, 71));
        _translator.Clear();

        _translator.OnRefreshed(new Timestamp(9), [new(71, Since: 1)]);
        _translator.OnRefreshed(new Timestamp(19), [new(71, Since: 1)]);
        _translator.OnRefreshed(new Timestamp(29), [new(71, Since: 1)]);

        Assert.Equal([TimelineEvent.Exited(new Timestamp(19), Ring(72), 72, Target)], _translator.Events.ToArray());
    }

    [Fact]
    public void A_thread_that_may_not_be_recorded_and_lives_is_kept()
    {
        _alive.Add(72);
        _translator.OnFork(new ForkRecord(5, 0, Target, 72, Target, 71));
        _translator.Clear();

        for (int look = 1; look < 5; look++) _translator.OnRefreshed(new Timestamp(look * 10), [new(71, Since: 1)]);

        Assert.Empty(_translator.Events.ToArray());
    }

    [Fact]
    public void What_a_thread_did_before_it_was_recorded_is_unknown_since_the_timeline_began_not_since_the_machine_did()
    {
        var timeline = new Timeline.Timeline(Target, new Unheard());
        timeline.Join(StreamKind.Scheduler, Seconds(1000));
        _translator.OnRefreshed(Seconds(1001), [new(71, Since: 1), new(72, Since: Seconds(1001).Nanoseconds)]);
        foreach (TimelineEvent told in _translator.Events.ToArray()) timeline.AddLoss(told.Scope, told.At, told.Reasons);
        timeline.Add(TimelineEvent.SwitchIn(Seconds(1002), Ring(72), 72, Target));
        timeline.Advance(StreamKind.Scheduler, Seconds(1003));

        Assert.InRange(timeline.ProcessTimes.Wall.Nanoseconds, 0, Seconds(3).Nanoseconds);
    }

    [Fact]
    public void A_loss_concerns_the_thread_whose_ring_was_full()
    {
        _translator.OnLost(new LostRecord(9, Cpu: 1, Count: 3, ThreadId: 71));
        Assert.Equal([TimelineEvent.LossEnded(new Timestamp(9), LossScope.Thread(71))], _translator.Events.ToArray());
    }

    private static Timestamp Seconds(long seconds) => new(seconds * 1_000_000_000);

    private static int Ring(int thread) => LossScope.Thread(thread).Value;

    private sealed class Unheard : ITimelineObserver;
}
