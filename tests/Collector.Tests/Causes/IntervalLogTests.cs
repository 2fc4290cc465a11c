using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class IntervalLogTests
{
    [Fact]
    public void It_grows_to_its_limit_and_keeps_the_newest()
    {
        var log = new IntervalLog<int>(most: 1_000);
        for (int i = 0; i < 2_500; i++) Assert.Equal(i < 1_000, log.Add(new(i * 10), new((i * 10) + 4), i));
        Assert.Equal(4_000, log.Within(Timestamp.Zero, Timestamp.Never));
        List<int> seen = [];
        log.Visit(new(24_000), Timestamp.Never, (detail, _) => seen.Add(detail));
        Assert.Equal(Enumerable.Range(2_400, 100).Reverse(), seen);
    }

    /// <summary>As many as are needed at a time take memory, however many come in days.</summary>
    [Fact]
    public void What_is_not_needed_any_more_gives_its_place_to_what_comes()
    {
        Duration needed = new(100);
        var log = new IntervalLog<int>(most: 1_000) { Needed = () => needed };
        int kept = 0;
        for (int i = 0; i < 5_000; i++) kept += Add(log, i);
        Assert.Equal(64, kept);
        Assert.Equal(100, log.Within(new(49_800), new(50_000)));

        // From the middle of a ring.
        needed = new Duration(2_000);
        for (int i = 5_000; i < 5_500; i++) kept += Add(log, i);
        Assert.Equal(256, kept);
        List<int> seen = [];
        log.Visit(Timestamp.Zero, Timestamp.Never, (detail, _) => seen.Add(detail));
        Assert.Equal(Enumerable.Range(5_500 - 256, 256).Reverse(), seen);
    }

    private static int Add(IntervalLog<int> log, int number) => log.Add(new(number * 10), new((number * 10) + 5), number) ? 1 : 0;
}
