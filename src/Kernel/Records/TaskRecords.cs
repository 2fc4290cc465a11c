using System.Buffers.Binary;
using System.Text;

namespace Observatory.Kernel;

/// <summary>A thread began, in the process of its parent or as the first of a new one; PERF_RECORD_FORK.</summary>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds.</param>
/// <param name="Cpu">The CPU that the parent was on.</param>
/// <param name="ProcessId">The new thread's process, in the opener's pid namespace; 0 outside it.</param>
/// <param name="ThreadId">The new thread, in the opener's pid namespace; 0 outside it. Older ones of this id are gone.
/// </param>
/// <param name="ParentProcessId">The process of the thread that began it.</param>
/// <param name="ParentThreadId">The thread that began it, whose name it bears.</param>
public readonly record struct ForkRecord(
    long Time,
    int Cpu,
    int ProcessId,
    int ThreadId,
    int ParentProcessId,
    int ParentThreadId);

/// <summary>A thread is ending: it still switches out, under the id -1, and then is gone; PERF_RECORD_EXIT.</summary>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds.</param>
/// <param name="Cpu">The CPU that it was on.</param>
/// <param name="ProcessId">Its process, in the opener's pid namespace; 0 outside it.</param>
/// <param name="ThreadId">The thread, in the opener's pid namespace; 0 outside it. The id is free from now on.</param>
public readonly record struct ExitRecord(long Time, int Cpu, int ProcessId, int ThreadId);

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

/// <summary>A thread has a new name, which it gave itself or took by exec; PERF_RECORD_COMM.</summary>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds.</param>
/// <param name="Cpu">The CPU that it happened on.</param>
/// <param name="ProcessId">Its process, in the opener's pid namespace; 0 outside it.</param>
/// <param name="ThreadId">The thread that is so named, in the opener's pid namespace; 0 outside it.</param>
/// <param name="Name">At most 15 bytes.</param>
/// <param name="IsExec">
/// It runs a new program, as the only thread of its process: whichever thread asked for that has the id of the main thread since a
/// moment before, without a switch.
/// </param>
/// <remarks>
/// A thread begins with the name of the one that began it and no record of its own: see <see cref="ForkRecord"/>.
/// Names from before the recording are in <see cref="ThreadDirectory"/> and <see cref="ProcessName"/>.
/// </remarks>
public readonly record struct CommRecord(long Time, int Cpu, int ProcessId, int ThreadId, string Name, bool IsExec = false);

/// <summary>PERF_RECORD_COMM: u32 pid, u32 tid, the name with a zero, padded to 8 bytes, then the sample id.</summary>
/// <remarks>One thread may name another: the body has the ids of the named one, the sample id the namer's.</remarks>
internal static class CommDecoder
{
    private const int ThreadOffset = PerfRecord.HeaderBytes + sizeof(int);
    private const int NameOffset = ThreadOffset + sizeof(int);
    private const int ShortestBody = 16;

    // PERF_RECORD_MISC_COMM_EXEC: in records of other types the same bit means something else.
    private const PerfRecordMisc Exec = (PerfRecordMisc)0x2000;

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
            Encoding.UTF8.GetString(name[..end]),
            (record.Misc & Exec) != 0);
        return true;
    }
}
