using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class ObserverStartTests
{
    [Fact]
    public void It_is_over_with_the_first_second_in_which_hardly_anything_is_compiled()
    {
        var start = new ObserverStart();
        Assert.False(start.Includes(At(0)));
        start.Watch(At(100), Milliseconds(300));
        start.Watch(At(1_100), Milliseconds(900));
        start.Watch(At(2_100), Milliseconds(920));
        Assert.True(start.Includes(At(60_000)));
        start.Watch(At(2_500), Milliseconds(920));
        Assert.True(start.Includes(At(60_000)));
        start.Watch(At(3_100), Milliseconds(939));
        Assert.Equal((true, false), (start.Includes(At(3_099)), start.Includes(At(3_100))));

        // It does not begin again.
        start.Watch(At(5_000), Milliseconds(2_000));
        Assert.False(start.Includes(At(5_000)));
    }

    [Fact]
    public void What_still_goes_on_after_ten_seconds_is_no_start()
    {
        var start = new ObserverStart();
        for (int i = 0; i <= 20; i++) start.Watch(At(1_000 * (i + 1)), Milliseconds(500 * i));
        Assert.Equal((true, false), (start.Includes(At(10_999)), start.Includes(At(11_000))));
    }

    private static Timestamp At(long milliseconds) => new(milliseconds * 1_000_000);

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
