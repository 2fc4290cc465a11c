using CsCheck;

namespace Observatory.Timeline.Tests;

public sealed class LaneTests
{
    private static readonly Gen<TimelineEvent> Wakings =
        Gen.Select(Gen.Int[0, 50], Gen.Int[0, 3], Gen.Int[0, 999], (at, cpu, thread) => TimelineEvent.Waking(new(at), cpu, thread));

    [Fact]
    public void A_lane_sorts_by_time_and_keeps_the_order_of_equal_times() => Wakings.List[0, 300].Sample(added =>
    {
        var lane = new EventLane();
        foreach (TimelineEvent one in added) lane.Add(one);
        List<TimelineEvent> taken = [];
        while (lane.Count > 0)
        {
            taken.Add(lane.First);
            lane.Drop(1);
        }

        Assert.Equal(added.OrderBy(one => one.At), taken);
    });

    [Fact]
    public void A_lane_stays_sorted_while_it_is_filled_and_emptied_in_turns() =>
        Gen.Select(Gen.Int[0, 5], Wakings).List[0, 400].Sample(steps =>
    {
        var lane = new EventLane();
        List<TimelineEvent> expected = [];
        foreach ((int step, TimelineEvent one) in steps)
        {
            if (step == 0 && expected.Count > 0)
            {
                Assert.Equal(expected[0], lane.First);
                Assert.Equal(expected[0], lane.Oldest[0]);
                lane.Drop(1);
                expected.RemoveAt(0);
                continue;
            }

            lane.Add(one);
            expected.Insert(expected.FindLastIndex(other => other.At <= one.At) + 1, one);
            Assert.Equal(expected.Count, lane.Count);
        }
    });

    [Fact]
    public void The_room_of_a_flood_is_given_back_and_what_is_held_meanwhile_stays()
    {
        var lane = new EventLane();
        for (int at = 0; at < 1_000_000; at++) lane.Add(TimelineEvent.Waking(new(at), cpu: 0, thread: 1));
        int flooded = lane.Room;
        lane.Drop(999_990);

        for (int visit = 0; visit < 100; visit++) lane.Trim();

        Assert.True(flooded >= 1_000_000);
        Assert.InRange(lane.Room, 10, 4_096);
        Assert.Equal(Enumerable.Range(999_990, 10).Select(at => (long)at), lane.Oldest.ToArray().Select(one => one.At.Nanoseconds));
    }

    [Fact]
    public void Room_that_a_flood_fills_again_and_again_is_kept()
    {
        var lane = new EventLane();
        Flood(lane);
        int flooded = lane.Room;
        lane.Drop(lane.Count);
        for (int wave = 0; wave < 10; wave++)
        {
            for (int visit = 0; visit < 20; visit++) lane.Trim();
            Assert.Equal(flooded, lane.Room);
            Flood(lane);
            lane.Trim();
            lane.Drop(lane.Count);
        }

        static void Flood(EventLane lane)
        {
            for (int at = 0; at < 100_000; at++) lane.Add(TimelineEvent.Waking(new(at), cpu: 0, thread: 1));
        }
    }

    [Fact]
    public void A_merger_releases_everything_up_to_an_instant_in_order() =>
        Gen.Select(Wakings.List[0, 200], Gen.Int[0, 50]).Sample((added, upTo) =>
    {
        var merger = new EventMerger();
        foreach (TimelineEvent one in added) merger.Add(one.Cpu, one);
        List<TimelineEvent> released = [];
        merger.Release(new Timestamp(upTo), run => released.AddRange(run));
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
        merger.Release(at, run => released.AddRange(run));
        Assert.Equal(order, released);
    }
}
