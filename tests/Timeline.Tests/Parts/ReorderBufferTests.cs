using CsCheck;

namespace Observatory.Timeline.Tests;

/// <summary>What is held is handed over in steps, and is bounded in bytes.</summary>
public sealed class ReorderBufferTests
{
    private const int Cpus = 3;

    // Some close together, some far apart: steps are parts of a time, not of a number.
    private static readonly Gen<int> Gaps = Gen.Frequency((50, Gen.Int[0, 3]), (1, Gen.Int[0, 100_000]));

    private readonly List<TimelineEvent> _told = [];
    private readonly TimelineCounters _counters = new();

    [Fact]
    public void Steps_between_which_more_is_added_tell_everything_once_and_in_order() =>
        Gen.Select(Gaps.Array[1_000, 3_000], Gen.Int[60_000, 150_000]).Sample((gaps, count) =>
    {
        List<TimelineEvent> told = [];
        ReorderBuffer buffer = Make(new TimelineLimits(), events => told.AddRange(events.ToArray()));
        List<TimelineEvent> added = [];
        long now = 1;
        AddMore(count);
        buffer.Advance(StreamKind.Scheduler, new Timestamp(now));
        buffer.Advance(StreamKind.Runtime, new Timestamp(now));
        int steps = 1;
        for (; buffer.ReleaseSome(); steps++) AddMore(500);
        buffer.Advance(StreamKind.Scheduler, new Timestamp(now));
        buffer.Advance(StreamKind.Runtime, new Timestamp(now));
        while (buffer.ReleaseSome()) steps++;

        Assert.True(steps > 1);
        Assert.Equal(added.OrderBy(one => one.At).ThenBy(one => one.Cpu), Wakings(told));
        Assert.Equal(0, buffer.Held);

        void AddMore(int number)
        {
            for (int i = 0; i < number; i++)
            {
                now += gaps[added.Count % gaps.Length] + 1;
                added.Add(TimelineEvent.Waking(new(now), added.Count % Cpus, added.Count));
                buffer.Add(added[^1]);
            }
        }
    }, iter: 20);

    [Theory]
    [InlineData(StreamKind.Runtime)]
    [InlineData(StreamKind.Scheduler)]
    [InlineData(null)]
    public void Whichever_stream_stands_still_the_bound_holds_and_nothing_is_lost(StreamKind? claiming)
    {
        const int delivery = 10_000;
        var limits = new TimelineLimits { MaximumHeldBytes = 1 << 20 };
        ReorderBuffer buffer = Make(limits, events => _told.AddRange(events.ToArray()));
        long now = 0;
        for (int i = 0; i < 100; i++)
        {
            for (int j = 0; j < delivery; j++) buffer.Add(TimelineEvent.Waking(new(++now), (int)(now % Cpus), (int)now));
            if (claiming is { } stream) buffer.Advance(stream, new Timestamp(now));
            while (buffer.ReleaseSome())
            {
            }

            // What is kept for the next flood is what this one needed: the bound, a delivery and the first and last page of each CPU.
            Assert.InRange(buffer.Bytes, 0, limits.MaximumHeldBytes + (16 * (delivery + (Cpus * 2 * 1_024))));
        }

        // Without the scheduler's word that its events are complete, it is said from where on they may not be.
        Assert.Equal(claiming == StreamKind.Scheduler ? 0 : 1, _told.Count(one => one.Kind == EventKind.LossBegan && one.Scope == LossScope.Scheduler));
        buffer.Flush();
        Assert.Equal(Enumerable.Range(1, (int)now), Wakings(_told).Select(one => one.Thread));
    }

    [Fact]
    public void A_hand_over_that_comes_late_is_told_as_both_of_its_switches()
    {
        ReorderBuffer buffer = Make(new TimelineLimits(), events => _told.AddRange(events.ToArray()));
        buffer.Add(TimelineEvent.SwitchIn(new(10), 0, 7, 7));
        buffer.Advance(StreamKind.Scheduler, new Timestamp(50));
        buffer.Advance(StreamKind.Runtime, new Timestamp(50));
        while (buffer.ReleaseSome())
        {
        }

        var batch = new EventBatch();
        Assert.True(batch.TryAddHandOver(new(20), isPreempted: true, cpu: 0, leaving: 7, coming: 8));
        buffer.Add(batch.Run.Places);
        buffer.Add(TimelineEvent.SwitchOut(new(60), 0, 8, 8));
        buffer.Flush();
        TimelineEvent[] late = [TimelineEvent.Preempted(new(20), 0, 7, 0), TimelineEvent.SwitchIn(new(20), 0, 8, 0)];
        Assert.Equal(late.Select(one => one.PlacedAt(new(50))), _told.Where(one => one.IsLate));
        Assert.Equal((0, 2), (_counters.ChainBreaks, _counters.LateSchedulerEvents));
    }

    [Fact]
    public void What_is_added_at_once_is_told_as_if_it_came_one_by_one() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[-2, 12], Gen.Int[-1, 2], Gen.Int[0, 2]).List[0, 40].List[0, 6].Sample(lots =>
    {
        List<TimelineEvent> together = [], alone = [];
        TimelineCounters countersOfAlone = new(), countersOfTogether = new();
        ReorderBuffer atOnce = Make(new TimelineLimits(), run => together.AddRange(run.ToArray()), countersOfTogether);
        ReorderBuffer oneByOne = Make(new TimelineLimits(), run => alone.AddRange(run.ToArray()), countersOfAlone);
        long now = 1;
        foreach (List<(int Step, int Passed, int Thread, int Next)> lot in lots)
        {
            var batch = new EventBatch();
            foreach ((int step, int passed, int thread, int next) in lot)
            {
                now = Math.Max(1, now + passed);
                if (step > 3) batch.TryAddHandOver(new(now), step == 5, cpu: 1, thread, next);
                else batch.Add(step switch
                {
                    0 => TimelineEvent.SwitchIn(new(now), 1, thread, process: 9),
                    1 => TimelineEvent.SwitchOut(new(now), 1, thread, process: 9),
                    2 => TimelineEvent.Exited(new(now), 1, thread, process: 9),
                    _ => TimelineEvent.Waking(new(now), 1, thread, waker: 9),
                });
            }

            atOnce.Add(batch.Run.Places);
            foreach (TimelineEvent told in batch.Run) oneByOne.Add(told);
            ReorderBuffer[] both = [atOnce, oneByOne];
            foreach (ReorderBuffer buffer in both)
            {
                buffer.Advance(StreamKind.Scheduler, new Timestamp(now - 3));
                buffer.Advance(StreamKind.Runtime, new Timestamp(now - 3));
                while (buffer.ReleaseSome())
                {
                }
            }
        }

        atOnce.Flush();
        oneByOne.Flush();
        Assert.Equal(alone, together);
        Assert.Equal((countersOfAlone.ChainBreaks, countersOfAlone.LateSchedulerEvents), (countersOfTogether.ChainBreaks, countersOfTogether.LateSchedulerEvents));
    }, iter: 3_000);

    private static IEnumerable<TimelineEvent> Wakings(IEnumerable<TimelineEvent> told) => told.Where(one => one.Kind == EventKind.Waking);

    private ReorderBuffer Make(TimelineLimits limits, EventsReceiver receiver) => Make(limits, receiver, _counters);

    private static ReorderBuffer Make(TimelineLimits limits, EventsReceiver receiver, TimelineCounters counters)
    {
        var buffer = new ReorderBuffer(limits, counters, receiver);
        buffer.Join(StreamKind.Runtime, Timestamp.Zero);
        buffer.Join(StreamKind.Scheduler, Timestamp.Zero);
        return buffer;
    }
}
