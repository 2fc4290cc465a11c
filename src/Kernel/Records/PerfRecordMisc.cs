namespace Observatory.Kernel;

/// <summary>The header's misc bits of a switch record.</summary>
/// <remarks>PERF_RECORD_MISC_SWITCH_OUT and ..._OUT_PREEMPT in include/uapi/linux/perf_event.h.</remarks>
[Flags]
internal enum PerfRecordMisc : ushort
{
    None = 0,
    SwitchOut = 0x2000,
    SwitchOutPreempt = 0x4000,
}
