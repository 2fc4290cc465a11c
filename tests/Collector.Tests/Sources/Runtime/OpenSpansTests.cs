using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class OpenSpansTests
{
    private readonly OpenSpans<int, string> _spans = new(most: 3);

    [Fact]
    public void What_begins_and_ends_has_a_duration()
    {
        _spans.Begin(1, new Timestamp(10), "a");
        Assert.True(_spans.TryEnd(1, new Timestamp(25), out Duration duration, out string detail));
        Assert.Equal((15L, "a"), (duration.Nanoseconds, detail));
        Assert.False(_spans.TryEnd(1, new Timestamp(30), out _, out _));
    }

    [Fact]
    public void What_begins_again_has_never_ended()
    {
        _spans.Begin(1, new Timestamp(10), "a");
        _spans.Begin(1, new Timestamp(20), "b");
        Assert.True(_spans.TryEnd(1, new Timestamp(25), out Duration duration, out _));
        Assert.Equal(5, duration.Nanoseconds);
    }

    [Fact]
    public void What_never_ends_takes_no_more_than_its_share_of_memory()
    {
        for (int key = 0; key < 1000; key++) _spans.Begin(key, new Timestamp(key), "");
        Assert.InRange(_spans.Count, 1, 3);
    }
}
