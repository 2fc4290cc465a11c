using System.Buffers.Binary;

namespace Observatory.Kernel;

/// <summary>Page faults of one thread; the software events page-faults-min and page-faults-maj.</summary>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds, of the last of them.</param>
/// <param name="Cpu">The CPU that the last of them was on.</param>
/// <param name="ProcessId">The thread's process, in the opener's pid namespace; 0 outside it.</param>
/// <param name="ThreadId">The thread, in the opener's pid namespace; 0 outside it.</param>
/// <param name="Count">
/// How many since this thread's record before, or since the recording of it began: all of them this thread's own.
/// </param>
/// <param name="IsMajor">They read from a device; otherwise the page was in memory, or only had to be cleared.</param>
/// <remarks>An instant and a number, no duration. Source: perf_event_open(2).</remarks>
public readonly record struct PageFaultsRecord(
    long Time,
    int Cpu,
    int ProcessId,
    int ThreadId,
    long Count,
    bool IsMajor);

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
