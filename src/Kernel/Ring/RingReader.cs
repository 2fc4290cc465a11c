namespace Observatory.Kernel;

/// <summary>Reads a ring to its head and gives the room back.</summary>
internal static class RingReader
{
    // Handing consumed room back every so often keeps a burst from overrunning a ring that is being read.
    private const ulong ReleaseBytes = 64 * 1024;

    /// <returns>Records read.</returns>
    public static long Drain(
        RingMapping ring,
        RecordDispatcher dispatcher,
        ISchedulerRecordHandler handler,
        Span<byte> scratch,
        out bool isCorrupt)
    {
        bool isHeld = false;
        try
        {
            // Keeps the memory mapped to the end of this call if another thread disposes meanwhile.
            ring.DangerousAddRef(ref isHeld);
            return DrainHeld(ring, dispatcher, handler, scratch, out isCorrupt);
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
        out bool isCorrupt)
    {
        long records = 0;
        ulong released = ring.Tail;
        RingCursor cursor = new(ring.Data, released, ring.Head, scratch);
        try
        {
            while (cursor.TryRead(out PerfRecord record))
            {
                records++;
                dispatcher.Dispatch(record, handler);
                if (cursor.Position - released >= ReleaseBytes) ring.Tail = released = cursor.Position;
            }
        }
        finally
        {
            // Also when the handler throws: no record is given twice.
            ring.Tail = cursor.Position;
        }

        isCorrupt = cursor.IsCorrupt;
        return records;
    }
}
