using Observatory.Contract;

namespace Observatory.Collector.Tests;

public sealed class SequenceCheckTests
{
    private readonly SequenceCheck _check = new();

    [Fact]
    public void An_observer_that_attaches_late_misses_nothing() => Assert.Equal(0, _check.Observe(4711));

    [Fact]
    public void Numbers_without_a_gap_mean_no_loss() => Assert.All([1L, 2L, 3L], n => Assert.Equal(0, _check.Observe(n)));

    [Fact]
    public void A_gap_tells_how_many_are_missing()
    {
        _check.Observe(10);
        Assert.Equal(3, _check.Observe(14));
        Assert.Equal(0, _check.Observe(15));
    }

    [Fact]
    public void A_heartbeat_tells_of_losses_that_no_event_follows()
    {
        _check.Observe(10);
        Assert.Equal(0, Beat(14));
        Assert.Equal(4, Beat(14));
        Assert.Equal(0, Beat(14));
    }

    [Fact]
    public void An_event_that_was_being_written_during_a_heartbeat_is_not_missing()
    {
        _check.Observe(10);
        Assert.Equal(0, Beat(11));
        Assert.Equal(0, _check.Observe(11));
        Assert.Equal(0, Beat(11));
    }

    [Fact]
    public void A_loss_that_a_heartbeat_told_of_is_not_told_again()
    {
        _check.Observe(10);
        Beat(12);
        Assert.Equal(2, Beat(12));
        Assert.Equal(0, _check.Observe(13));
    }

    private long Beat(long sequence) => _check.Observe(new HeartbeatPayload(sequence, 0));
}
