namespace Observatory.Kernel;

/// <summary>enum perf_event_type, as far as it is decoded; every other type is skipped.</summary>
/// <remarks>include/uapi/linux/perf_event.h.</remarks>
internal enum PerfRecordType : uint
{
    Lost = 2,
    Comm = 3,
    Exit = 4,
    Fork = 7,
    Sample = 9,
    Switch = 14,
    SwitchCpuWide = 15,
}
