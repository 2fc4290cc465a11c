namespace Observatory.Kernel.Tests;

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
