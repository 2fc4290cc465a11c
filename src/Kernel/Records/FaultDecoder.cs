using System.Buffers.Binary;

namespace Observatory.Kernel;

/// <summary>PERF_RECORD_SAMPLE of a page-fault event: the sample id; for major faults, then a u64 count.</summary>
/// <remarks>
/// The two kinds share a ring and are told apart by that count. Only the major ones can have it: the kernel samples
/// every single software event as soon as PERF_SAMPLE_PERIOD is asked for, whatever the period.
/// </remarks>
/// <param name="minorPeriod">Minor faults per sample; 0 when they are not recorded.</param>
internal sealed class FaultDecoder(int minorPeriod)
{
    private const int MinorBytes = PerfRecord.HeaderBytes + SampleId.Bytes;
    private const int MajorBytes = MinorBytes + sizeof(long);

    /// <summary>True for samples of the two lengths that no other event's samples have.</summary>
    public static bool IsFault(PerfRecord record) => record.Size is MinorBytes or MajorBytes;

    public bool TryDecode(PerfRecord record, out PageFaultsRecord decoded)
    {
        decoded = default;
        bool isMajor = record.Size == MajorBytes;
        if (record.Bytes.Length < (isMajor ? MajorBytes : MinorBytes)) return false;

        SampleId id = SampleId.Read(record.Bytes[PerfRecord.HeaderBytes..]);
        long count = isMajor ? BinaryPrimitives.ReadInt64LittleEndian(record.Bytes[MinorBytes..]) : minorPeriod;
        decoded = new PageFaultsRecord(id.Time, id.Cpu, id.ProcessId, id.ThreadId, count, isMajor);
        return true;
    }
}
