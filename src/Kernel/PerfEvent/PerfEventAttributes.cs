using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>struct perf_event_attr, the fields in use.</summary>
/// <remarks>
/// include/uapi/linux/perf_event.h. The size is that of version 5; older kernels accept it while the bytes that they
/// do not know are zero. Also compiled into src/Contract, which is loaded by the observed program and may not load this project.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = ByteSize)]
internal struct PerfEventAttributes()
{
    public const int ByteSize = 112;

    /// <summary>PERF_FORMAT_LOST, Linux 6.0: read(2) also returns how many records found no room.</summary>
    public const ulong ReadLost = 1 << 4;

    /// <summary>PERF_FORMAT_TOTAL_TIME_ENABLED, ..._RUNNING and ..._GROUP: read(2) returns all counters of a group and its times.</summary>
    public const ulong ReadGroupWithTimes = 1 | 2 | 8;

    [FieldOffset(0)] public PerfEventType Type;
    [FieldOffset(4)] public uint Size = ByteSize;
    [FieldOffset(8)] public ulong Config;
    [FieldOffset(16)] public ulong SamplePeriod;
    [FieldOffset(24)] public PerfSampleFields SampleFields;
    [FieldOffset(32)] public ulong ReadFormat;
    [FieldOffset(40)] public PerfEventFlags Flags;
    [FieldOffset(48)] public uint WakeupWatermark;
    [FieldOffset(92)] public int ClockId;
}

/// <summary>enum perf_type_id, as far as it is asked for.</summary>
/// <remarks>include/uapi/linux/perf_event.h.</remarks>
internal enum PerfEventType : uint
{
    Hardware = 0,
    Software = 1,
    Tracepoint = 2,
}

/// <summary>The bit field of struct perf_event_attr at byte 40.</summary>
/// <remarks>include/uapi/linux/perf_event.h.</remarks>
[Flags]
internal enum PerfEventFlags : ulong
{
    None = 0,
    Disabled = 1UL << 0,
    ExcludeKernel = 1UL << 5,
    ExcludeHypervisor = 1UL << 6,

    /// <summary>What perf_event_paranoid 2 allows every user.</summary>
    UserModeOnly = ExcludeKernel | ExcludeHypervisor,

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

    /// <summary>What <c>SampleId</c> decodes.</summary>
    Identity = ThreadId | Time | Cpu,
}
