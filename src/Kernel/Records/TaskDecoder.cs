using System.Buffers.Binary;

namespace Observatory.Kernel;

/// <summary>
/// PERF_RECORD_FORK and PERF_RECORD_EXIT: u32 pid, u32 parent's pid, u32 tid, u32 parent's tid, u64 time, then the
/// sample id.
/// </summary>
internal static class TaskDecoder
{
    private const int BodyBytes = 24;

    public static bool TryDecodeFork(PerfRecord record, out ForkRecord decoded)
    {
        bool isComplete = SampleId.TryReadTrailing(record, BodyBytes, out SampleId id);
        decoded = isComplete
            ? new ForkRecord(id.Time, id.Cpu, Word(record, 0), Word(record, 2), Word(record, 1), Word(record, 3))
            : default;
        return isComplete;
    }

    public static bool TryDecodeExit(PerfRecord record, out ExitRecord decoded)
    {
        bool isComplete = SampleId.TryReadTrailing(record, BodyBytes, out SampleId id);
        decoded = isComplete ? new ExitRecord(id.Time, id.Cpu, Word(record, 0), Word(record, 2)) : default;
        return isComplete;
    }

    private static int Word(PerfRecord record, int index) =>
        BinaryPrimitives.ReadInt32LittleEndian(record.Bytes[(PerfRecord.HeaderBytes + (index * sizeof(int)))..]);
}
