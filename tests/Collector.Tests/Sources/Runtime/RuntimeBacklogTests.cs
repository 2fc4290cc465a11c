using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class RuntimeBacklogTests
{
    private const long Buffer = 8_000;
    private readonly RuntimeBacklog _backlog = new(Buffer);

    [Fact]
    public void What_is_read_as_it_comes_is_complete_whatever_its_amount()
    {
        for (int i = 1; i < 20; i++) Assert.Equal(Milliseconds(i * 100), Claim(at: i * 100, now: (i * 100) + 200, read: i * Buffer));
    }

    /// <summary>As much as that is no sign of full buffers: a machine that is busy reads late.</summary>
    [Fact]
    public void A_little_that_is_read_late_is_complete()
    {
        Claim(at: 100, now: 100, read: 0);
        Assert.Equal(Milliseconds(200), Claim(at: 200, now: 5_000, read: Buffer / 8));
    }

    [Fact]
    public void What_may_have_found_no_room_is_not_complete_until_a_loss_has_had_the_time_to_be_told()
    {
        Claim(at: 100, now: 100, read: 0);
        Assert.Equal(Timestamp.Zero, Claim(at: 1_000, now: 2_000, read: (Buffer / 8) + 1));
        // Read up to now again.
        Assert.Equal(Timestamp.Zero, Claim(at: 2_000, now: 2_001, read: Buffer));
        Assert.Equal(Timestamp.Zero, Claim(at: 2_299, now: 2_299, read: Buffer));
        Assert.Equal(Milliseconds(2_300), Claim(at: 2_300, now: 2_300, read: Buffer));
    }

    [Fact]
    public void What_was_read_late_before_does_not_count_again()
    {
        Claim(at: 100, now: 1_000, read: Buffer / 10);
        Claim(at: 1_000, now: 1_001, read: Buffer / 9);
        Assert.Equal(Milliseconds(1_100), Claim(at: 1_100, now: 9_000, read: Buffer / 5));
    }

    private Timestamp Claim(long at, long now, long read) => _backlog.Claim(Milliseconds(at), Milliseconds(now), read);

    private static Timestamp Milliseconds(long milliseconds) => Timestamp.Zero + Duration.FromMilliseconds(milliseconds);
}
