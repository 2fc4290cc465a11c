using System.Buffers.Binary;

namespace Observatory.Kernel;

/// <summary>PERF_RECORD_LOST: u64 id, u64 lost, then the sample id.</summary>
internal static class LostDecoder
{
    private const int BodyBytes = 16;
    private const int CountOffset = 16;

    /// <param name="record">The record.</param>
    /// <param name="isOfThread">
    /// Its ring holds one thread's events, and then that thread is the one running; otherwise whoever is running
    /// happened to be there.
    /// </param>
    /// <param name="decoded">What it says.</param>
    public static bool TryDecode(PerfRecord record, bool isOfThread, out LostRecord decoded)
    {
        bool isComplete = SampleId.TryReadTrailing(record, BodyBytes, out SampleId id);
        decoded = isComplete
            ? new LostRecord(
                id.Time,
                id.Cpu,
                BinaryPrimitives.ReadInt64LittleEndian(record.Bytes[CountOffset..]),
                isOfThread ? id.ThreadId : LostRecord.OfAnyThread)
            : default;
        return isComplete;
    }
}
