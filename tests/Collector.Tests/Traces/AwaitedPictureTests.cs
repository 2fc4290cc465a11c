using Observatory.Recorder;
using Observatory.Recorder.Tests;
using Observatory.Timeline;
using Observatory.Timeline.Tests;

namespace Observatory.Collector.Tests;

/// <summary>What a request awaited stands on the page: in the sums of its account, and in the picture of the moment.</summary>
public sealed class AwaitedPictureTests
{
    private const int Thread = 100;

    [Fact]
    public void A_call_that_a_request_awaited_is_told_from_what_else_it_awaited()
    {
        var request = new UnitId(UnitKind.Request, 7);
        TraceDocument trace = Capture(
            TimelineEvent.UnitBegan(new(1_000_000), request, 0), TimelineEvent.SegmentBegan(new(1_000_000), Thread, request),
            TimelineEvent.UnitAwaits(new(1_500_000), request, AwaitedFor.Http), TimelineEvent.SegmentEnded(new(2_000_000), Thread, request),
            TimelineEvent.UnitAwaits(new(6_000_000), request, AwaitedFor.Other), TimelineEvent.SegmentBegan(new(7_000_000), Thread, request),
            TimelineEvent.SegmentEnded(new(8_000_000), Thread, request), TimelineEvent.UnitEnded(new(8_000_000), request, Thread));

        Assert.Equal([("other", 0.001), ("http", 0.004)], trace.Unit!.Awaited.Select(part => (part.Key, part.Value)));
        Assert.Equal(trace.Unit.States["awaiting"], trace.Unit.Awaited.Values.Sum(), tolerance: 1e-12);
        TraceLane lane = trace.Timeline.Lanes.Single(lane => lane.Name == "request");
        Assert.Equal(
            [("awaiting", "awaiting http", 4_000.0), ("awaiting", "awaiting", 1_000.0)],
            lane.Slices.Where(slice => slice.Kind == "awaiting").Select(slice => (slice.Kind, slice.Name, slice.Length)));

        var page = new Html();
        TraceCard.Write(page, trace);
        Assert.Contains("awaiting 5.00 ms (http 4.00 ms, other 1.00 ms)</span>", page.ToString(), StringComparison.Ordinal);
        Assert.Contains("<title>awaiting http 4.00 ms</title>", page.ToString(), StringComparison.Ordinal);
    }

    private static TraceDocument Capture(params TimelineEvent[] happened)
    {
        var accounts = new KeptAccounts();
        GenerationRing? ring = null;
        var timeline = new Timeline.Timeline(StoryLine.Target, accounts, consumed: events => ring!.Add(events));
        accounts.Ring = ring = new GenerationRing(new RingLimits(), timeline.Checkpoint);
        timeline.Join(StreamKind.Runtime, new(1_000));
        timeline.Join(StreamKind.Scheduler, new(1_000));
        Feed([TimelineEvent.SwitchIn(new(2_000), 0, Thread, StoryLine.Target), TimelineEvent.PageFaults(new(3_000), 0, Thread, 1, major: false)], until: 4_000);
        Feed(happened, until: 9_000_000);
        using RingCut cut = ring.Cut(Timestamp.Zero);
        var context = new TraceContext(StoryLine.Target, new ThreadNames(), new ConfigurationRegistry(), Requests: null, new SourceStatuses());
        using var writer = new TraceWriter(context, store: null, new NoteRing(), _ => { });
        UnitAccount account = Assert.Single(accounts.Requests);
        return writer.Write(Stream.Null, cut, new TraceTrigger(TraceTrigger.SlowerThanMedian, "slow", account.Began, account.Ended) { Unit = account });

        void Feed(TimelineEvent[] events, long until)
        {
            foreach (TimelineEvent one in events) timeline.Add(one);
            timeline.Advance(StreamKind.Scheduler, new(until));
            timeline.Advance(StreamKind.Runtime, new(until));
        }
    }
}
