namespace Observatory.Kernel;

/// <summary>Walks the records between a ring's tail and its head.</summary>
/// <remarks>
/// Records are multiples of 8 bytes, as is the ring, so a header never wraps. A body may: only then is it copied.
/// </remarks>
internal ref struct RingCursor(ReadOnlySpan<byte> data, ulong tail, ulong head, Span<byte> scratch)
{
    private const ulong Alignment = 8;

    private readonly ReadOnlySpan<byte> _data = data;
    private readonly Span<byte> _scratch = scratch;

    /// <summary>The end of the last record read.</summary>
    public ulong Position { get; private set; } = tail;

    /// <summary>A header made no sense. The next one cannot be found: all to the head is given up.</summary>
    public bool IsCorrupt { get; private set; }

    /// <param name="record">The record, its header included. Valid until the next call.</param>
    /// <returns>False at the head.</returns>
    public bool TryRead(out PerfRecord record)
    {
        record = default;
        ulong available = head - Position;
        if (available == 0) return false;
        if (available % Alignment != 0 || available > (ulong)_data.Length) return GiveUp();

        int offset = (int)(Position & (ulong)(_data.Length - 1));
        int size = new PerfRecord(_data[offset..]).Size;
        if (size < PerfRecord.HeaderBytes || (ulong)size % Alignment != 0 || (ulong)size > available) return GiveUp();

        record = new PerfRecord(offset + size <= _data.Length ? _data.Slice(offset, size) : Join(offset, size));
        Position += (ulong)size;
        return true;
    }

    private bool GiveUp()
    {
        IsCorrupt = true;
        Position = head;
        return false;
    }

    private readonly ReadOnlySpan<byte> Join(int offset, int size)
    {
        ReadOnlySpan<byte> first = _data[offset..];
        first.CopyTo(_scratch);
        _data[..(size - first.Length)].CopyTo(_scratch[first.Length..]);
        return _scratch[..size];
    }
}
