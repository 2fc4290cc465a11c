namespace Observatory.Kernel;

/// <summary>
/// PERF_RECORD_SWITCH_CPU_WIDE: u32 next_prev_pid, u32 next_prev_tid, then the sample id. PERF_RECORD_SWITCH, of one
/// thread's events: the sample id alone.
/// </summary>
/// <remarks>
/// The sample id is the thread that the record is about. The other one's ids are ignored: it writes its own record.
/// </remarks>
internal static class SwitchDecoder
{
    private const int CpuWideBodyBytes = 8;

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
}
