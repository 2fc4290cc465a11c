namespace Observatory.Kernel;

/// <summary>The bit field of struct perf_event_attr at byte 40.</summary>
/// <remarks>include/uapi/linux/perf_event.h.</remarks>
[Flags]
internal enum PerfEventFlags : ulong
{
    None = 0,
    Disabled = 1UL << 0,
    ExcludeKernel = 1UL << 5,
    ExcludeHypervisor = 1UL << 6,
    /// <summary>A record for each new name.</summary>
    Names = 1UL << 9,

    /// <summary>A record for each thread that begins and each that ends.</summary>
    Tasks = 1UL << 13,
    Watermark = 1UL << 14,

    /// <summary>Records other than samples end with the sample's thread, time and CPU as well.</summary>
    SampleIdAll = 1UL << 18,
    UseClockId = 1UL << 25,
    ContextSwitch = 1UL << 26,
}
