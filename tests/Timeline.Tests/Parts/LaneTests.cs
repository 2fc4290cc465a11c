using CsCheck;

namespace Observatory.Timeline.Tests;

public sealed class LaneTests
{
    private const int Ring = 2;

    private static readonly Gen<TimelineEvent> Wakings =
        Gen.Select(Gen.Int[0, 50], Gen.Int[0, 3], Gen.Int[0, 999], (at, cpu, thread) => TimelineEvent.Waking(new(at), cpu, thread));

    /// <summary>Events of one lane: those that are packed, and all that is kept whole beside them.</summary>
    private static readonly Gen<TimelineEvent> Any =
        Gen.Select(Gen.Int[0, 50], Gen.Int[0, 9], Gen.Frequency((8, Gen.Int[-8, 999]), (1, Gen.Int[(1 << 22) - 9, (1 << 23) + 9])), Gen.Int[-9, 99], Gen.Frequency((8, Gen.Const(Ring)), (1, Gen.Const(LossScope.Thread(7).Value))), (at, kind, thread, process, ring) => kind switch
        {
            0 or 1 => TimelineEvent.SwitchIn(new(at), ring, thread, process),
            2 => TimelineEvent.SwitchOut(new(at), ring, thread, process),
            3 => TimelineEvent.Preempted(new(at), ring, thread, process),
            4 => TimelineEvent.Exited(new(at), ring, thread, process),
            5 => TimelineEvent.Waking(new(at), ring, thread, process),
            6 => TimelineEvent.Waking(new(at - 5), ring, thread, process).PlacedAt(new(at)),
            7 => TimelineEvent.PageFaults(new(at), ring, thread, count: 3, major: false),
            8 => TimelineEvent.LossEnded(new(at), LossScope.Cpu(ring), IncompleteReasons.RecordsLost),
            _ => TimelineEvent.IterationBegan(new(at), thread, 5_000_000_000, 6_000_000_000),
        });

    [Fact]
    public void A_lane_sorts_by_time_and_keeps_the_order_of_equal_times() => Any.List[0, 300].Sample(added =>
    {
        var lane = new EventLane(new LanePool());
        foreach (TimelineEvent one in added) lane.Add(one);
        Assert.Equal(added.OrderBy(one => one.At), TakeAll(lane));
        Assert.Equal(0, lane.Bytes);
    });

    [Fact]
    public void A_lane_stays_sorted_while_it_is_filled_and_emptied_in_turns() =>
        Gen.Select(Gen.Int[0, 5], Any).List[0, 400].Sample(steps =>
    {
        var lane = new EventLane(new LanePool());
        List<TimelineEvent> expected = [];
        foreach ((int step, TimelineEvent one) in steps)
        {
            if (step == 0 && expected.Count > 0)
            {
                Assert.Equal((expected[0].At, expected[0].Kind), (lane.FirstAt, lane.FirstKind));
                Assert.Equal(expected[0], Take(lane, 1)[0]);
                expected.RemoveAt(0);
                continue;
            }

            lane.Add(one);
            expected.Insert(expected.FindLastIndex(other => other.At <= one.At) + 1, one);
            Assert.Equal(expected.Count, lane.Count);
        }

        Assert.Equal(expected, TakeAll(lane));
    });

    [Fact]
    public void Pages_of_many_events_keep_what_comes_too_late_in_its_place() =>
        Gen.Select(Gen.Int[1_000, 9_000], Gen.Int[1, 3_000], Gen.Int[0, 999]).Sample((count, back, every) =>
    {
        var lane = new EventLane(new LanePool());
        List<TimelineEvent> added = [];
        for (int at = 0; at < count; at++)
            added.Add(TimelineEvent.Waking(new(at % (500 + every) == 0 ? at - back : at), Ring, at));
        foreach (TimelineEvent one in added) lane.Add(one);
        Assert.Equal(count * 16, lane.Bytes);
        Assert.Equal(added.OrderBy(one => one.At), TakeAll(lane));
    }, iter: 50);

    [Fact]
    public void The_room_of_a_flood_is_given_back_and_what_is_held_meanwhile_stays()
    {
        var pool = new LanePool();
        var lane = new EventLane(pool);
        for (int at = 0; at < 1_000_000; at++) lane.Add(TimelineEvent.Waking(new(at), Ring, thread: 1));
        Assert.Equal(16_000_000, lane.Bytes);
        Take(lane, 999_990);
        Assert.InRange(pool.FreeBytes, 15_000_000, 16_500_000);

        // The first look only notes what is free.
        for (int visit = 0; visit < 256; visit++) pool.Trim();

        Assert.Equal(0, pool.FreeBytes);
        Assert.Equal(Enumerable.Range(999_990, 10).Select(at => (long)at), TakeAll(lane).Select(one => one.At.Nanoseconds));
    }

    [Fact]
    public void Room_that_a_flood_fills_again_and_again_is_kept()
    {
        var pool = new LanePool();
        var lane = new EventLane(pool);
        Flood();
        long flooded = pool.FreeBytes;
        for (int wave = 0; wave < 10; wave++)
        {
            for (int visit = 0; visit < 20; visit++) pool.Trim();
            Flood();
            Assert.Equal(flooded, pool.FreeBytes);
        }

        void Flood()
        {
            for (int at = 0; at < 100_000; at++) lane.Add(TimelineEvent.Waking(new(at), Ring, thread: 1));
            Take(lane, 100_000);
        }
    }

    /// <summary>Fewer than a page holds, nearly a page, and several.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(700)]
    [InlineData(5_000)]
    public void As_many_events_again_and_again_allocate_nothing(int count)
    {
        var pool = new LanePool();
        var lane = new EventLane(pool);
        var room = new ReleasedEvents();
        for (int wave = 0; wave < 3; wave++) FillAndEmpty();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int wave = 0; wave < 10; wave++) FillAndEmpty();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void FillAndEmpty()
        {
            for (int at = 0; at < count; at++) lane.Add(TimelineEvent.Waking(new(at), Ring, thread: 1));
            while (lane.Count > 0)
            {
                lane.Take(room, Ring, Timestamp.Never, LaneHead.Last);
                room.Clear();
            }

            pool.Trim();
        }
    }

    private static List<TimelineEvent> TakeAll(EventLane lane) => Take(lane, lane.Count);

    private static List<TimelineEvent> Take(EventLane lane, int count)
    {
        List<TimelineEvent> taken = [];
        while (taken.Count < count)
        {
            // As much room as is still wanted.
            var room = new ReleasedEvents(Math.Min(64, count - taken.Count));
            lane.Take(room, Ring, Timestamp.Never, LaneHead.Last);
            taken.AddRange(room.Run.ToArray());
        }

        return taken;
    }

    [Fact]
    public void A_merger_releases_everything_up_to_an_instant_in_order() =>
        Gen.Select(Wakings.List[0, 200], Gen.Int[0, 50]).Sample((added, upTo) =>
    {
        var merger = new EventMerger();
        foreach (TimelineEvent one in added) merger.Add(one.Cpu, one);
        List<TimelineEvent> released = [];
        merger.Release(new Timestamp(upTo), run => released.AddRange(run.ToArray()));
        Assert.Equal(added.Where(one => one.At.Nanoseconds <= upTo).OrderBy(one => one.At).ThenBy(one => one.Cpu), released);
        Assert.Equal(added.Count - released.Count, merger.Count);
    });

    [Fact]
    public void At_one_instant_losses_end_threads_leave_wake_come_and_tell()
    {
        var at = new Timestamp(5);
        TimelineEvent[] order =
        [
            TimelineEvent.LossEnded(at, LossScope.Scheduler), TimelineEvent.Exited(at, 4, 1, 1),
            TimelineEvent.Waking(at, 3, 2), TimelineEvent.SwitchIn(at, 2, 2, 1), TimelineEvent.IterationBegan(at, 2, 1, 0),
        ];
        var merger = new EventMerger();
        for (int i = order.Length - 1; i >= 0; i--) merger.Add(order.Length - i, order[i]);
        List<TimelineEvent> released = [];
        merger.Release(at, run => released.AddRange(run.ToArray()));
        Assert.Equal(order, released);
    }
}
