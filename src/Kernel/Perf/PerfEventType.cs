namespace Observatory.Kernel;

/// <summary>enum perf_type_id, as far as it is asked for.</summary>
/// <remarks>include/uapi/linux/perf_event.h.</remarks>
internal enum PerfEventType : uint
{
    Hardware = 0,
    Software = 1,
    Tracepoint = 2,
}
