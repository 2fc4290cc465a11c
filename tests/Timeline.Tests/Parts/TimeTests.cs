namespace Observatory.Timeline.Tests;

public sealed class TimeTests
{
    [Fact]
    public void Instants_and_spans_convert_into_one_another()
    {
        var early = new Timestamp(10);
        var late = new Timestamp(35);
        Assert.Equal(new Duration(25), late - early);
        Assert.Equal(late, early + new Duration(25));
        Assert.Equal(early, late - new Duration(25));
        Assert.Equal(late, Timestamp.Later(early, late));
        Assert.Equal(early, Timestamp.Earlier(late, early));
        Assert.True(Timestamp.Zero < early && early < late && late < Timestamp.Never);
    }

    [Fact]
    public void Spans_add_compare_and_have_seconds()
    {
        Duration second = Duration.FromMilliseconds(1000);
        Assert.Equal(1.0, second.Seconds);
        Assert.Equal(new Duration(1_000_000_001), second + new Duration(1));
        Assert.Equal(new Duration(-1), second - new Duration(1_000_000_001));
        Assert.True(Duration.Zero < second && second >= new Duration(1_000_000_000));
    }

    [Fact]
    public void An_event_at_a_later_place_keeps_its_true_time()
    {
        TimelineEvent told = TimelineEvent.SuspensionBegan(new(10)).PlacedAt(new(30)).PlacedAt(new(50));
        Assert.Equal(new Timestamp(50), told.At);
        Assert.Equal(new Timestamp(10), told.Happened);
        Assert.Equal(new Duration(40), told.Late);
        Assert.True(told.IsLate);
    }

    [Fact]
    public void The_times_of_states_add_up_state_by_state()
    {
        var times = default(StateTimes);
        times[AccountState.Running] += new Duration(5);
        times[AccountState.Unknown] = new Duration(2);
        StateTimes sum = times;
        sum.Add(times);
        Assert.Equal(new Duration(7), times.Total);
        Assert.Equal(new Duration(14), sum.Total);
        Assert.Equal(new Duration(10), sum[AccountState.Running]);
        Assert.Equal(Duration.Zero, sum[AccountState.Gc]);
        Assert.NotEqual(times, sum);
        Assert.Equal(StateTimes.Length, StateTimes.UnitStates.Length);
    }
}
