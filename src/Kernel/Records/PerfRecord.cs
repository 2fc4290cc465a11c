using System.Buffers.Binary;

namespace Observatory.Kernel;

/// <summary>One record; it begins with struct perf_event_header: u32 type, u16 misc, u16 size.</summary>
internal readonly ref struct PerfRecord(ReadOnlySpan<byte> bytes)
{
    public const int HeaderBytes = 8;

    /// <summary>The largest size that the header's 16 bits can say.</summary>
    public const int MaximumBytes = ushort.MaxValue;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public PerfRecordType Type => (PerfRecordType)BinaryPrimitives.ReadUInt32LittleEndian(Bytes);

    public PerfRecordMisc Misc => (PerfRecordMisc)BinaryPrimitives.ReadUInt16LittleEndian(Bytes[4..]);

    public int Size => BinaryPrimitives.ReadUInt16LittleEndian(Bytes[6..]);
}
