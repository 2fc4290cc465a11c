using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>Pool accounts as the timeline tells them.</summary>
internal static class SimulatedPool
{
    /// <summary>One thread that slept for some nanoseconds of 200 and ran for the rest, as the timeline tells it.</summary>
    public static PoolAccount Sleeper(long blocked) => Watch(200, timeline =>
    {
        timeline.Add(TimelineEvent.SwitchIn(new(0), 0, 7, 7));
        timeline.Add(TimelineEvent.SwitchOut(new(200 - blocked), 0, 7, 7));
    });

    /// <summary>Two threads in 1000 ns: one ran all the time, the other half of it.</summary>
    public static PoolAccount TwoThreads() => Watch(1000, timeline =>
    {
        timeline.Add(TimelineEvent.SwitchIn(new(0), 0, 7, 7));
        timeline.Add(TimelineEvent.SwitchIn(new(0), 1, 8, 7));
        timeline.Add(TimelineEvent.SwitchOut(new(500), 1, 8, 7));
    });

    private static PoolAccount Watch(long length, Action<Timeline.Timeline> happen)
    {
        var timeline = new Timeline.Timeline(process: 7, new Nobody());
        timeline.Join(StreamKind.Runtime, new(0));
        timeline.Join(StreamKind.Scheduler, new(0));
        happen(timeline);
        // Somebody else's CPU: it moves the time on.
        timeline.Add(TimelineEvent.SwitchIn(new(length), 9, 99, 99));
        timeline.Advance(StreamKind.Runtime, new(length));
        timeline.Advance(StreamKind.Scheduler, new(length));
        return timeline.ProcessTimes;
    }

    private sealed class Nobody : ITimelineObserver;
}
