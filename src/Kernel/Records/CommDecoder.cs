using System.Buffers.Binary;
using System.Text;

namespace Observatory.Kernel;

/// <summary>PERF_RECORD_COMM: u32 pid, u32 tid, the name with a zero, padded to 8 bytes, then the sample id.</summary>
/// <remarks>One thread may name another: the body has the ids of the named one, the sample id the namer's.</remarks>
internal static class CommDecoder
{
    private const int ThreadOffset = PerfRecord.HeaderBytes + sizeof(int);
    private const int NameOffset = ThreadOffset + sizeof(int);
    private const int ShortestBody = 16;

    public static bool TryDecode(PerfRecord record, out CommRecord decoded)
    {
        decoded = default;
        if (!SampleId.TryReadTrailing(record, ShortestBody, out SampleId id)) return false;
        ReadOnlySpan<byte> name = record.Bytes[NameOffset..^SampleId.Bytes];
        int end = name.IndexOf((byte)0);
        if (end < 0) return false;

        decoded = new CommRecord(
            id.Time,
            id.Cpu,
            BinaryPrimitives.ReadInt32LittleEndian(record.Bytes[PerfRecord.HeaderBytes..]),
            BinaryPrimitives.ReadInt32LittleEndian(record.Bytes[ThreadOffset..]),
            Encoding.UTF8.GetString(name[..end]));
        return true;
    }
}
