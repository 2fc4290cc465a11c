using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class TraceTriggerTests
{
    private readonly TraceTriggers _triggers = new(new TraceLimits());
    private long _iteration;

    [Fact]
    public void A_unit_three_times_slower_than_the_running_median_triggers_and_says_so()
    {
        Usual(60);
        TraceTrigger trigger = Assert.IsType<TraceTrigger>(Judge(milliseconds: 3.5, at: 100));
        Assert.Equal(TraceTrigger.SlowerThanMedian, trigger.Kind);
        Assert.Equal("3.50 ms, 3.5 times the median of 1.00 ms", trigger.Text);
        Assert.Equal(new Duration(1_000_000), trigger.Median);
        Assert.Equal(1, trigger.Rank);
    }

    [Fact]
    public void Nothing_triggers_before_there_are_enough_units_for_a_median()
    {
        Usual(40);
        Assert.Null(Judge(milliseconds: 50, at: 100));
    }

    [Fact]
    public void The_slowest_of_the_hour_triggers_and_what_is_not_among_them_does_not()
    {
        Usual(60);
        Assert.Equal(TraceTrigger.SlowestOfHour, Judge(milliseconds: 2, at: 100)?.Kind);
        Assert.Null(Judge(milliseconds: 0.9, at: 200));
        Assert.Empty(_triggers.Suppressed);
    }

    [Fact]
    public void The_cool_down_and_the_bucket_hold_back_the_rest_and_count_it()
    {
        Usual(60);
        Assert.NotNull(Judge(milliseconds: 4, at: 100));
        Assert.Null(Judge(milliseconds: 5, at: 105));
        Assert.NotNull(Judge(milliseconds: 6, at: 111));
        Assert.NotNull(Judge(milliseconds: 7, at: 122));
        // Cool by now, but the bucket of the configuration is empty until a minute has passed.
        Assert.Null(Judge(milliseconds: 8, at: 133));
        Assert.NotNull(Judge(milliseconds: 9, at: 133 + 60));
        Assert.Equal([new(TraceTrigger.SlowerThanMedian, 2L)], _triggers.Suppressed);
    }

    [Fact]
    public void A_request_is_compared_with_those_of_its_name_and_an_iteration_of_the_same_index_is_another_thing()
    {
        Usual(60);
        Assert.Null(JudgeRequest(name: 0, milliseconds: 50, at: 100));
        for (int i = 0; i < 60; i++) JudgeRequest(name: 0, milliseconds: 20, at: 101 + (i * 0.001));
        for (int i = 0; i < 60; i++) JudgeRequest(name: 1, milliseconds: 1, at: 102 + (i * 0.001));
        TraceTrigger quick = Assert.IsType<TraceTrigger>(JudgeRequest(name: 1, milliseconds: 10, at: 200));
        Assert.Equal("10.00 ms, 10.0 times the median of 1.00 ms", quick.Text);
        Assert.Equal(UnitKind.Request, quick.Unit?.Kind);
        Assert.Null(JudgeRequest(name: 0, milliseconds: 10, at: 300));
        TraceTrigger? slowest = JudgeRequest(name: 0, milliseconds: 55, at: 400);
        Assert.Equal(TraceTrigger.SlowestOfHour, JudgeRequest(name: 1, milliseconds: 2.5, at: 500)?.Kind);
        Assert.NotNull(slowest);
    }

    [Fact]
    public void Each_name_has_a_bucket_of_its_own()
    {
        for (int i = 0; i < 60; i++)
        {
            JudgeRequest(name: 0, milliseconds: 1, at: i * 0.001);
            JudgeRequest(name: 1, milliseconds: 1, at: i * 0.001);
        }

        for (int i = 0; i < 3; i++) Assert.NotNull(JudgeRequest(name: 0, milliseconds: 10 + i, at: 100 + (11 * i)));
        Assert.Null(JudgeRequest(name: 0, milliseconds: 20, at: 134));
        Assert.NotNull(JudgeRequest(name: 1, milliseconds: 20, at: 135));
        Assert.Equal([new(TraceTrigger.SlowerThanMedian, 1L)], _triggers.Suppressed);
    }

    [Fact]
    public void A_long_pause_and_a_loss_trigger_for_themselves()
    {
        Assert.Null(_triggers.JudgePause(new Timestamp(0), new Timestamp(50_000_000)));
        Assert.Equal(TraceTrigger.GcPause, _triggers.JudgePause(new Timestamp(0), new Timestamp(150_000_000))?.Kind);
        var later = new Timestamp(60_000_000_000);
        TraceTrigger? loss = _triggers.JudgeLoss(later, later, IncompleteReasons.RecordsLost);
        Assert.Equal("events are missing: records_lost", loss?.Text);
    }

    private void Usual(int units)
    {
        for (int i = 0; i < units; i++) _triggers.Judge(0, Account(1, i * 0.001));
    }

    private TraceTrigger? Judge(double milliseconds, double at) => _triggers.Judge(0, Account(milliseconds, at));

    private TraceTrigger? JudgeRequest(long name, double milliseconds, double at) =>
        _triggers.Judge(name, Account(milliseconds, at) with { Kind = UnitKind.Request });

    private UnitAccount Account(double milliseconds, double at)
    {
        var began = new Timestamp((long)(at * 1e9));
        return new UnitAccount(7, ++_iteration, 0, began, began + new Duration((long)(milliseconds * 1e6)), default, IncompleteReasons.None);
    }
}
