using System.Buffers.Binary;

namespace Observatory.Kernel;

/// <summary>
/// Records of one CPU, or of one thread, are missing between its record before this one and <paramref name="Time"/>;
/// PERF_RECORD_LOST.
/// </summary>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds: when the kernel found room again, so after the last loss.</param>
/// <param name="Cpu">The CPU's number; of a thread's ring, where the thread was when there was room again, or -1 when it ended before.
/// </param>
/// <param name="Count">How many records of any kind.</param>
/// <param name="ThreadId">
/// The thread whose records are missing, wherever it ran; <see cref="OfAnyThread"/> when it is the CPU's.
/// </param>
public readonly record struct LostRecord(long Time, int Cpu, long Count, int ThreadId = LostRecord.OfAnyThread)
{
    /// <summary>Any thread's records of the CPU may be missing.</summary>
    public const int OfAnyThread = 0;
}

/// <summary>PERF_RECORD_LOST: u64 id, u64 lost, then the sample id.</summary>
internal static class LostDecoder
{
    private const int BodyBytes = 16;
    private const int CountOffset = 16;

    /// <param name="record">The record.</param>
    /// <param name="isOfThread">
    /// Its ring holds one thread's events, and then that thread is the one running; otherwise the running thread
    /// only happened to be there.
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
