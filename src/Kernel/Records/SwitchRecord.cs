using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>A thread came onto a CPU or left it; PERF_RECORD_SWITCH_CPU_WIDE and PERF_RECORD_SWITCH.</summary>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds.</param>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="ProcessId">
/// The thread's process, in the opener's pid namespace; 0 for a CPU's idle thread and for what lies outside the
/// namespace, -1 as for <paramref name="ThreadId"/>.
/// </param>
/// <param name="ThreadId">
/// The thread, in the opener's pid namespace; 0 as for <paramref name="ProcessId"/>. -1 is the last record of an
/// exiting thread, whose id is gone by then: it is the one that came onto this CPU last.
/// </param>
/// <param name="IsSwitchOut">It left; otherwise it came.</param>
/// <param name="IsPreempted">It left while it wanted to go on.</param>
/// <remarks>Source: perf_event_open(2), include/uapi/linux/perf_event.h.</remarks>
public readonly record struct SwitchRecord(
    long Time,
    int Cpu,
    int ProcessId,
    int ThreadId,
    bool IsSwitchOut,
    bool IsPreempted);

/// <summary>
/// PERF_RECORD_SWITCH_CPU_WIDE: u32 next_prev_pid, u32 next_prev_tid, then the sample id. PERF_RECORD_SWITCH, of one
/// thread's events: the sample id alone.
/// </summary>
/// <remarks>
/// The sample id is the thread that the record is about. The other one's ids are ignored: it writes its own record.
/// </remarks>
internal static class SwitchDecoder
{
    /// <summary>Bytes of two PERF_RECORD_SWITCH_CPU_WIDE.</summary>
    public const int HandOverBytes = 2 * CpuWideBytes;

    private const int CpuWideBodyBytes = 8;
    private const int CpuWideBytes = PerfRecord.HeaderBytes + CpuWideBodyBytes + SampleId.Bytes;

    public static bool TryDecode(PerfRecord record, out SwitchRecord decoded)
    {
        PerfRecordMisc misc = record.Misc;
        int bodyBytes = record.Type == PerfRecordType.SwitchCpuWide ? CpuWideBodyBytes : 0;
        bool isOut = (misc & PerfRecordMisc.SwitchOut) != 0;
        bool isComplete = SampleId.TryReadTrailing(record, bodyBytes, out SampleId id);
        decoded = new SwitchRecord(
            id.Time, id.Cpu, id.ProcessId, id.ThreadId, isOut, isOut && (misc & PerfRecordMisc.SwitchOutPreempt) != 0);
        return isComplete;
    }

    /// <summary>Decodes two records side by side: a thread leaves a CPU, another one comes to it.</summary>
    /// <param name="bytes"><see cref="HandOverBytes"/>, or none.</param>
    /// <param name="left">The one that leaves.</param>
    /// <param name="came">The one that comes.</param>
    public static bool TryDecodeHandOver(ReadOnlySpan<byte> bytes, out SwitchRecord left, out SwitchRecord came)
    {
        left = came = default;
        if (bytes.IsEmpty) return false;
        ReadOnlySpan<CpuWideSwitch> pair = MemoryMarshal.Cast<byte, CpuWideSwitch>(bytes);
        ref readonly CpuWideSwitch first = ref pair[0];
        ref readonly CpuWideSwitch second = ref pair[1];
        if (!first.Is(PerfRecordMisc.SwitchOut) || !second.Is(PerfRecordMisc.None) || first.Id.Cpu != second.Id.Cpu) return false;
        left = new SwitchRecord(
            first.Id.Time, first.Id.Cpu, first.Id.ProcessId, first.Id.ThreadId, IsSwitchOut: true, (first.Header.Misc & PerfRecordMisc.SwitchOutPreempt) != 0);
        came = new SwitchRecord(second.Id.Time, second.Id.Cpu, second.Id.ProcessId, second.Id.ThreadId, IsSwitchOut: false, IsPreempted: false);
        return true;
    }

    [StructLayout(LayoutKind.Sequential, Size = CpuWideBytes)]
    private readonly struct CpuWideSwitch
    {
        public readonly PerfRecordHeader Header;
        private readonly long _other;
        public readonly SampleId Id;

        public bool Is(PerfRecordMisc direction) =>
            Header.Type == PerfRecordType.SwitchCpuWide && Header.Size == CpuWideBytes && (Header.Misc & PerfRecordMisc.SwitchOut) == direction;
    }
}
