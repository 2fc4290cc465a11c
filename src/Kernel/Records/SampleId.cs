using System.Buffers.Binary;

namespace Observatory.Kernel;

/// <summary>Who, when and where: the fields of <see cref="PerfSampleFields.Identity"/>.</summary>
/// <remarks>
/// u32 pid, u32 tid, u64 time, u32 cpu, u32 reserved. A sample begins with them, every other record ends with them
/// (sample_id_all); the two orders differ only in fields that are not asked for.
/// </remarks>
internal readonly record struct SampleId(int ProcessId, int ThreadId, long Time, int Cpu)
{
    public const int Bytes = 24;

    /// <param name="bytes">At least <see cref="Bytes"/>.</param>
    public static SampleId Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt32LittleEndian(bytes),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]));

    /// <summary>Reads it from the end of a record that has <paramref name="bodyBytes"/> of its own before it.</summary>
    public static bool TryReadTrailing(PerfRecord record, int bodyBytes, out SampleId id)
    {
        bool isComplete = record.Bytes.Length >= PerfRecord.HeaderBytes + bodyBytes + Bytes;
        id = isComplete ? Read(record.Bytes[^Bytes..]) : default;
        return isComplete;
    }
}
