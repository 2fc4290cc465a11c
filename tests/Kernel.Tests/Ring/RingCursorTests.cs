using CsCheck;

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

public sealed class RingPropertyTests
{
    private const int RingBytes = 4096;

    private static readonly Gen<byte[]> AnyRecord =
        Gen.Select(Gen.Int[1, 60], Gen.UInt[100, 200], Gen.Byte.Array[480]).Select(Compose);

    // Null is the reader taking its turn.
    private static readonly Gen<byte[]?[]> AnyRun =
        Gen.Frequency<byte[]?>((8, AnyRecord.Select(record => (byte[]?)record)), (1, Gen.Const(() => (byte[]?)null)))
            .Array[0, 120];

    private static readonly Gen<ulong> AnyStart =
        Gen.OneOf(Gen.ULong[0, 4 * RingBytes], Gen.ULong[ulong.MaxValue - RingBytes, ulong.MaxValue])
            .Select(at => at / 8 * 8);

    [Fact]
    public void What_is_written_is_read_back_in_order_or_counted_as_lost() =>
        Gen.Select(AnyStart, AnyRun).Sample((start, run) =>
        {
            SimulatedRing ring = new(RingBytes, start);
            List<byte[]> accepted = [], read = [];
            foreach (byte[]? record in run)
            {
                if (record is null) read.AddRange(ring.Drain());
                else if (ring.TryWrite(record)) accepted.Add(record);
            }

            read.AddRange(ring.Drain());
            long lost = read.Where(IsLost).Sum(CountOf) + ring.PendingLost;
            byte[][] kept = [.. read.Where(record => !IsLost(record))];
            Assert.Equal(accepted, kept);
            Assert.Equal(run.Count(record => record is not null), kept.Length + lost);
        });

    private static byte[] Compose(int words, uint type, byte[] body)
    {
        byte[] record = RecordBytes.Record(type, misc: 0, size: 8 * words);
        body.AsSpan(0, record.Length - 8).CopyTo(record.AsSpan(8));
        return record;
    }

    private static bool IsLost(byte[] record) => new PerfRecord(record).Type == PerfRecordType.Lost;

    private static long CountOf(byte[] record)
    {
        Assert.True(LostDecoder.TryDecode(new PerfRecord(record), isOfThread: false, out LostRecord lost));
        return lost.Count;
    }
}

/// <summary>A ring written the way kernel/events/ring_buffer.c does: what finds no room is counted, and the count goes
/// in front of the next record that does.</summary>
internal sealed class SimulatedRing(int dataBytes, ulong start)
{
    private const int LostBytes = 48;

    private long _pendingLost;

    public byte[] Data { get; } = new byte[dataBytes];

    public ulong Tail { get; private set; } = start;

    public ulong Head { get; private set; } = start;

    /// <summary>Losses that no record tells yet.</summary>
    public long PendingLost => _pendingLost;

    public bool TryWrite(byte[] record)
    {
        int needed = record.Length + (_pendingLost > 0 ? LostBytes : 0);
        if (Head - Tail + (ulong)needed > (ulong)Data.Length)
        {
            _pendingLost++;
            return false;
        }

        if (_pendingLost > 0) Append(RecordBytes.Lost(0, 0, _pendingLost));
        _pendingLost = 0;
        Append(record);
        return true;
    }

    /// <summary>Reads everything, and copies it, since a record is valid only until the next one.</summary>
    public List<byte[]> Drain()
    {
        List<byte[]> records = [];
        RingCursor cursor = new(Data, Tail, Head, new byte[PerfRecord.MaximumBytes]);
        while (cursor.TryRead(out PerfRecord record)) records.Add(record.Bytes.ToArray());
        Assert.False(cursor.IsCorrupt);
        Assert.Equal(Head, cursor.Position);
        Tail = cursor.Position;
        return records;
    }

    public void Append(byte[] record)
    {
        foreach (byte value in record) Data[(int)(Head++ % (ulong)Data.Length)] = value;
    }
}
