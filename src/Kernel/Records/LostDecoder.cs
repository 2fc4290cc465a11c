using System.Buffers.Binary;

namespace Observatory.Kernel;

/// <summary>PERF_RECORD_LOST: u64 id, u64 lost, then the sample id.</summary>
internal static class LostDecoder
{
    private const int BodyBytes = 16;
    private const int CountOffset = 16;

    public static bool TryDecode(PerfRecord record, out LostRecord decoded)
    {
        bool isComplete = SampleId.TryReadTrailing(record, BodyBytes, out SampleId id);
        decoded = isComplete
            ? new LostRecord(id.Time, id.Cpu, BinaryPrimitives.ReadInt64LittleEndian(record.Bytes[CountOffset..]))
            : default;
        return isComplete;
    }
}
