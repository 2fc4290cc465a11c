using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class RhythmTests
{
    [Fact]
    public void The_pause_grows_while_little_is_found_and_shrinks_at_once()
    {
        var rhythm = new Rhythm();
        Assert.Equal([100, 200, 250, 250], Enumerable.Range(0, 4).Select(_ => After(events: 10)));
        // A thousand a second are little, and so are as many in a longer pause.
        Assert.Equal(250, After(events: 250));
        Assert.Equal(50, After(events: 251));
        Assert.Equal(50, After(events: 51));
        Assert.Equal(100, After(events: 50));

        double After(long events)
        {
            rhythm.Found(events);
            return rhythm.Pause.TotalMilliseconds;
        }
    }

    [Fact]
    public void A_timeline_that_has_nothing_to_do_is_woken_less_often_until_it_has()
    {
        var inbox = new Inbox(StreamKind.Scheduler);
        using var pump = new TimelinePump(new Timeline.Timeline(1, new NoObserver()), [inbox], incomplete: () => 0);
        inbox.Join(new Timestamp(1));
        for (int visit = 0; visit < 4; visit++) pump.Visit();
        Assert.Equal(Rhythm.Longest, pump.Pause);

        TimelineEvent[] many = [.. Enumerable.Range(0, 1_000).Select(i => TimelineEvent.Waking(new Timestamp(10 + i), 0, 7))];
        inbox.Post(many, new Timestamp(2_000));
        pump.Visit();
        Assert.Equal(Rhythm.Shortest, pump.Pause);
    }

    private sealed class NoObserver : ITimelineObserver;
}
