using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>When the events that tell of requests are too many: a second at a time, by their own times.</summary>
public sealed class UnitLoadTests
{
    private const long Most = 100;
    private readonly UnitLoad _load = new(Most);
    private readonly List<string> _steps = [];
    private long _lost;

    [Fact]
    public void Three_seconds_in_a_row_with_too_many_events_are_a_step()
    {
        Seconds(0, 3, ofUnits: 150);
        Assert.Empty(_steps);
        Seconds(3, 1, ofUnits: 150);
        Assert.Equal(["3 Rate: 150 events a second told of them, more than 100 (--units-limit)"], _steps);
    }

    [Fact]
    public void A_calm_second_between_begins_the_count_anew()
    {
        Seconds(0, 2, ofUnits: 150);
        Seconds(2, 1, ofUnits: 50);
        Seconds(3, 2, ofUnits: 150);
        Seconds(5, 1, ofUnits: 50);
        Assert.Empty(_steps);
    }

    [Fact]
    public void As_many_as_are_allowed_are_not_too_many_and_other_events_are_not_counted()
    {
        Seconds(0, 10, ofUnits: Most, others: 1000);
        Assert.Empty(_steps);
    }

    [Fact]
    public void Each_step_needs_its_own_three_seconds()
    {
        Seconds(0, 10, ofUnits: 150);
        Assert.Equal(["3", "6", "9"], _steps.Select(step => step.Split(' ')[0]));
    }

    [Fact]
    public void A_session_that_begins_is_judged_by_itself()
    {
        Seconds(0, 3, ofUnits: 150);
        _load.Begin();
        // Nothing came while there was no session: that is no calm second, and no bad one either.
        Seconds(20, 3, ofUnits: 150);
        Assert.Empty(_steps);
        Seconds(23, 1, ofUnits: 150);
        Assert.Single(_steps);
    }

    [Fact]
    public void Losses_are_a_step_where_many_of_the_events_tell_of_requests()
    {
        Seconds(0, 4, ofUnits: 40, others: 60, lost: 5);
        Assert.Equal(["3 Loss: 4.8 % of the runtime's events were lost"], _steps.Select(step => step.Replace("\u00a0", " ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Losses_that_a_step_would_not_end_are_none()
    {
        Seconds(0, 10, ofUnits: 10, others: 90, lost: 50);
        Assert.Empty(_steps);
    }

    [Fact]
    public void One_event_in_a_hundred_may_be_lost()
    {
        Seconds(0, 10, ofUnits: 99, lost: 1);
        Assert.Empty(_steps);
    }

    [Fact]
    public void A_silence_spreads_its_events_over_all_of_its_time()
    {
        for (int minute = 0; minute < 5; minute++) Seconds(60 * minute, 1, ofUnits: 150);
        Assert.Empty(_steps);
    }

    [Fact]
    public void Without_a_limit_there_is_no_step()
    {
        var free = new UnitLoad(0);
        for (int i = 0; i < 100_000; i++) Assert.Null(free.Observe(new Timestamp(i * 100_000L), isOfUnits: true, lost: i));
    }

    /// <summary>So many seconds with so many events each, evenly.</summary>
    private void Seconds(int from, int count, long ofUnits, long others = 0, long lost = 0)
    {
        for (int second = from; second < from + count; second++)
        {
            for (long i = 0; i < ofUnits + others; i++)
            {
                var at = new Timestamp((second * 1_000_000_000L) + (i * 1_000_000_000L / (ofUnits + others)));
                if (_load.Observe(at, i < ofUnits, _lost) is { } step) _steps.Add($"{second} {step.Reason}: {step.Seen}");
                if (i == 0) _lost += lost;
            }
        }
    }
}
