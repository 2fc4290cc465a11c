using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Observatory.Kernel;

/// <summary>Reads a ring to its head and gives the room back.</summary>
internal static class RingReader
{
    // Handing consumed room back every so often keeps a burst from overrunning a ring that is being read.
    private const ulong ReleaseBytes = 64 * 1024;

    // More than the largest record that is asked for, and than two of them with a LOST record before them.
    private const ulong LargestRecordBytes = 1024;

    /// <param name="ring">The ring.</param>
    /// <param name="dispatcher">Decodes.</param>
    /// <param name="handler">Gets what was decoded.</param>
    /// <param name="scratch">Room for a record that wraps.</param>
    /// <param name="head">Up to where; null for the head as it stands now.</param>
    /// <param name="found">How the ring was found.</param>
    /// <returns>Records read.</returns>
    public static long Drain(
        RingMapping ring,
        RecordDispatcher dispatcher,
        ISchedulerRecordHandler handler,
        Span<byte> scratch,
        ulong? head,
        out RingFound found)
    {
        bool isHeld = false;
        try
        {
            // Keeps the memory mapped to the end of this call if another thread disposes meanwhile.
            ring.DangerousAddRef(ref isHeld);
            return DrainHeld(ring, dispatcher, handler, scratch, head ?? ring.Head, out found);
        }
        finally
        {
            if (isHeld) ring.DangerousRelease();
        }
    }

    /// <summary>Takes the thread ids of all records up to the head as it stands now, and leaves the records where they are.</summary>
    public static void LearnThreadIds(RingMapping ring, RecordDispatcher dispatcher, Span<byte> scratch)
    {
        bool isHeld = false;
        try
        {
            ring.DangerousAddRef(ref isHeld);
            RingCursor cursor = new(ring.Data, ring.Tail, ring.Head, scratch);
            while (cursor.TryRead(out PerfRecord record)) dispatcher.LearnThreadIds(record);
        }
        finally
        {
            if (isHeld) ring.DangerousRelease();
        }
    }

    private static long DrainHeld(
        RingMapping ring,
        RecordDispatcher dispatcher,
        ISchedulerRecordHandler handler,
        Span<byte> scratch,
        ulong head,
        out RingFound found)
    {
        long records = 0;
        bool wasFull = false;
        ulong released = ring.Tail;
        RingCursor cursor = new(ring.Data, released, head, scratch);
        try
        {
            while (dispatcher.DispatchNext(ref cursor, handler) is > 0 and var read)
            {
                records += read;
                if (cursor.Position - released < ReleaseBytes) continue;
                wasFull |= IsNearlyFull(ring, released);
                ring.Tail = released = cursor.Position;
            }

            wasFull |= IsNearlyFull(ring, released);
        }
        finally
        {
            // Also when the handler throws: no record is given twice.
            ring.Tail = cursor.Position;
        }

        found = new RingFound(cursor.IsCorrupt, wasFull);
        return records;
    }

    /// <summary>
    /// Whether a record may have found no room since the tail was set to <paramref name="tail"/>. The head only grows until
    /// the tail moves, so that a look just before it moves misses nothing.
    /// </summary>
    private static bool IsNearlyFull(RingMapping ring, ulong tail)
    {
        ulong size = (ulong)ring.Data.Length;
        return ring.Head - tail > size - Math.Min(LargestRecordBytes, size / 2);
    }
}

/// <summary>How a ring was found when it was drained.</summary>
/// <param name="IsCorrupt">A header made no sense, and the rest was given up.</param>
/// <param name="WasFull">There may have been no room for a record since the drain before.</param>
internal readonly record struct RingFound(bool IsCorrupt, bool WasFull);

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

    /// <summary>The bytes that come next, as many as are asked for; none where there are fewer, or where they wrap.</summary>
    public readonly ReadOnlySpan<byte> Ahead(int bytes)
    {
        ulong available = head - Position;
        int offset = (int)(Position & (ulong)(_data.Length - 1));
        bool isSound = available % Alignment == 0 && available <= (ulong)_data.Length;
        return isSound && available >= (ulong)bytes && offset + bytes <= _data.Length ? _data.Slice(offset, bytes) : default;
    }

    /// <summary>Goes on behind what <see cref="Ahead"/> gave.</summary>
    public void Skip(int bytes) => Position += (ulong)bytes;

    /// <param name="record">The record, its header included. Valid until the next call.</param>
    /// <returns>False at the head.</returns>
    public bool TryRead(out PerfRecord record)
    {
        record = default;
        ulong available = head - Position;
        if (available == 0) return false;
        if (available % Alignment != 0 || available > (ulong)_data.Length) return GiveUp();

        int offset = (int)(Position & (ulong)(_data.Length - 1));
        int size = MemoryMarshal.Read<PerfRecordHeader>(_data[offset..]).Size;
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

/// <summary>struct perf_event_header, with which every record begins.</summary>
internal readonly struct PerfRecordHeader
{
    public readonly PerfRecordType Type;
    public readonly PerfRecordMisc Misc;

    /// <summary>Bytes of the whole record.</summary>
    public readonly ushort Size;
}

/// <summary>One record, its header included.</summary>
internal readonly ref struct PerfRecord(ReadOnlySpan<byte> bytes)
{
    public const int HeaderBytes = 8;

    /// <summary>The largest size that the header's 16 bits can say.</summary>
    public const int MaximumBytes = ushort.MaxValue;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public PerfRecordHeader Header => MemoryMarshal.Read<PerfRecordHeader>(Bytes);

    public PerfRecordType Type => Header.Type;

    public PerfRecordMisc Misc => Header.Misc;

    public int Size => Header.Size;
}

/// <summary>enum perf_event_type, as far as it is decoded; every other type is skipped.</summary>
/// <remarks>include/uapi/linux/perf_event.h.</remarks>
internal enum PerfRecordType : uint
{
    Lost = 2,
    Comm = 3,
    Exit = 4,
    Fork = 7,
    Sample = 9,
    Switch = 14,
    SwitchCpuWide = 15,
}

/// <summary>The header's misc bits of a switch record.</summary>
/// <remarks>PERF_RECORD_MISC_SWITCH_OUT and ..._OUT_PREEMPT in include/uapi/linux/perf_event.h.</remarks>
[Flags]
internal enum PerfRecordMisc : ushort
{
    None = 0,
    SwitchOut = 0x2000,
    SwitchOutPreempt = 0x4000,
}

/// <summary>The memory that the kernel writes an event's records into.</summary>
/// <remarks>
/// struct perf_event_mmap_page in include/uapi/linux/perf_event.h: a page of control words, then 2^n pages of data.
/// Positions only grow; the place in the data is the position modulo its size.
/// </remarks>
internal sealed unsafe class RingMapping : SafeHandleMinusOneIsInvalid
{
    private const int HeadOffset = 1024;
    private const int TailOffset = 1032;
    private const int DataOffsetOffset = 1040;
    private const int ReadWrite = 1 | 2;
    private const int Shared = 1;

    private readonly nuint _length;
    private readonly int _dataLength;

    private RingMapping(nint address, nuint length, int dataLength) : base(ownsHandle: true)
    {
        SetHandle(address);
        _length = length;
        _dataLength = dataLength;
    }

    /// <summary>Where the kernel writes next. What lies before it is readable once this has been read.</summary>
    public ulong Head => Volatile.Read(ref Word(HeadOffset));

    /// <summary>What lies before it the kernel may overwrite, from the moment of the assignment.</summary>
    public ulong Tail
    {
        get => Word(TailOffset);
        set => Volatile.Write(ref Word(TailOffset), value);
    }

    /// <summary>The data pages. Valid while <see cref="SafeHandle.DangerousAddRef"/> holds them.</summary>
    public ReadOnlySpan<byte> Data => new((void*)(handle + (nint)Word(DataOffsetOffset)), _dataLength);

    /// <param name="descriptor">The event that the ring belongs to.</param>
    /// <param name="dataBytes">A power of two of pages.</param>
    /// <param name="error">The error number: EPERM when the memory-lock limit forbids the size.</param>
    public static RingMapping? TryCreate(DescriptorHandle descriptor, int dataBytes, out int error)
    {
        nuint length = (nuint)(Environment.SystemPageSize + dataBytes);
        nint address = Libc.Map(0, length, ReadWrite, Shared, descriptor, 0);
        error = address == -1 ? Marshal.GetLastPInvokeError() : 0;
        return error == 0 ? new RingMapping(address, length, dataBytes) : null;
    }

    protected override bool ReleaseHandle() => Libc.Unmap(handle, _length) == 0;

    private ref ulong Word(int offset) => ref *(ulong*)(handle + offset);
}
