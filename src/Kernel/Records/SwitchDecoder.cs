namespace Observatory.Kernel;

/// <summary>PERF_RECORD_SWITCH_CPU_WIDE: u32 next_prev_pid, u32 next_prev_tid, then the sample id.</summary>
/// <remarks>
/// The sample id is the thread that the record is about. The other one's ids are ignored: it writes its own record.
/// </remarks>
internal static class SwitchDecoder
{
    private const int BodyBytes = 8;

    public static bool TryDecode(PerfRecord record, out SwitchRecord decoded)
    {
        PerfRecordMisc misc = record.Misc;
        bool isOut = (misc & PerfRecordMisc.SwitchOut) != 0;
        bool isComplete = SampleId.TryReadTrailing(record, BodyBytes, out SampleId id);
        decoded = new SwitchRecord(
            id.Time, id.Cpu, id.ProcessId, id.ThreadId, isOut, isOut && (misc & PerfRecordMisc.SwitchOutPreempt) != 0);
        return isComplete;
    }
}
