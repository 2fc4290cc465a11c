using System.Buffers.Binary;

namespace Observatory.Kernel;

/// <summary>PERF_RECORD_SAMPLE of sched:sched_waking: sample id, u32 size, the tracepoint's own fields.</summary>
/// <param name="wokenIdOffset">Offset of the field <c>pid</c> within the tracepoint's fields.</param>
internal sealed class WakingDecoder(int wokenIdOffset)
{
    private const int RawSizeOffset = PerfRecord.HeaderBytes + SampleId.Bytes;
    private const int RawOffset = RawSizeOffset + sizeof(uint);

    // The four common fields come first in every tracepoint of every kernel.
    private const int FlagsOffset = 2;
    private const int WakerIdOffset = 4;

    // TRACE_FLAG_HARDIRQ, TRACE_FLAG_SOFTIRQ and TRACE_FLAG_NMI of include/linux/trace_events.h.
    private const byte InterruptFlags = 0x08 | 0x10 | 0x40;

    public bool TryDecode(PerfRecord record, out WakingSample decoded)
    {
        ReadOnlySpan<byte> bytes = record.Bytes;
        decoded = default;
        if (bytes.Length < RawOffset) return false;

        uint rawBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[RawSizeOffset..]);
        ReadOnlySpan<byte> raw = bytes[RawOffset..];
        if (rawBytes > raw.Length || rawBytes < wokenIdOffset + sizeof(int)) return false;

        decoded = new WakingSample(
            SampleId.Read(bytes[PerfRecord.HeaderBytes..]),
            BinaryPrimitives.ReadInt32LittleEndian(raw[WakerIdOffset..]),
            (raw[FlagsOffset] & InterruptFlags) != 0,
            BinaryPrimitives.ReadInt32LittleEndian(raw[wokenIdOffset..]));
        return true;
    }
}
