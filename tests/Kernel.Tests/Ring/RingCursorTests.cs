namespace Observatory.Kernel.Tests;

public sealed class RingCursorTests
{
    [Fact]
    public void An_empty_ring_has_no_record() => Assert.Empty(new SimulatedRing(4096, 40).Drain());

    [Fact]
    public void A_body_that_wraps_is_joined()
    {
        // 8 bytes of room before the end: the header fits exactly, the body starts over.
        SimulatedRing ring = new(4096, 4096 - 8);
        byte[] record = RecordBytes.SwitchOut(123, 1, 40, 41);
        Assert.True(ring.TryWrite(record));
        Assert.Equal(record, Assert.Single(ring.Drain()));
    }

    [Fact]
    public void A_record_that_ends_with_the_ring_is_not_copied()
    {
        SimulatedRing ring = new(4096, 4096 - 40);
        ring.Append(RecordBytes.SwitchIn(123, 1, 40, 41));
        RingCursor cursor = new(ring.Data, ring.Tail, ring.Head, []);
        Assert.True(cursor.TryRead(out PerfRecord record));
        Assert.True(record.Bytes.Overlaps(ring.Data));
    }

    [Fact]
    public void Positions_may_pass_the_end_of_their_type()
    {
        SimulatedRing ring = new(4096, ulong.MaxValue - 39 - 40);
        ring.Append(RecordBytes.SwitchIn(1, 1, 40, 41));
        ring.Append(RecordBytes.SwitchIn(2, 1, 40, 41));
        ring.Append(RecordBytes.SwitchIn(3, 1, 40, 41));
        Assert.Equal(3, ring.Drain().Count);
    }

    [Theory]
    [InlineData(0, "no size at all")]
    [InlineData(4, "less than a header")]
    [InlineData(44, "not a multiple of 8")]
    [InlineData(88, "beyond the head")]
    public void A_size_that_cannot_be_gives_the_rest_up(ushort size, string because)
    {
        SimulatedRing ring = new(4096, 0);
        byte[] damaged = RecordBytes.SwitchIn(1, 1, 40, 41);
        (damaged[6], damaged[7]) = ((byte)size, (byte)(size >> 8));
        ring.Append(damaged);
        ring.Append(RecordBytes.SwitchIn(2, 1, 40, 41));

        RingCursor cursor = new(ring.Data, ring.Tail, ring.Head, new byte[PerfRecord.MaximumBytes]);
        Assert.False(cursor.TryRead(out _), because);
        Assert.True(cursor.IsCorrupt);
        Assert.Equal(ring.Head, cursor.Position);
    }

    [Fact]
    public void A_head_further_than_the_ring_is_long_gives_the_rest_up()
    {
        RingCursor cursor = new(new byte[4096], tail: 0, head: 8192, new byte[PerfRecord.MaximumBytes]);
        Assert.False(cursor.TryRead(out _));
        Assert.True(cursor.IsCorrupt);
    }
}
