namespace Observatory.Kernel;

/// <summary>enum perf_event_sample_format, as far as it is asked for.</summary>
/// <remarks>include/uapi/linux/perf_event.h.</remarks>
[Flags]
internal enum PerfSampleFields : ulong
{
    None = 0,
    ThreadId = 1 << 1,
    Time = 1 << 2,
    Cpu = 1 << 7,
    Period = 1 << 8,
    Raw = 1 << 10,

    /// <summary>What <see cref="SampleId"/> decodes.</summary>
    Identity = ThreadId | Time | Cpu,
}
