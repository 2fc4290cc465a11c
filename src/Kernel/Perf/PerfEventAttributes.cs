using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>struct perf_event_attr, the fields in use.</summary>
/// <remarks>
/// include/uapi/linux/perf_event.h. The size is that of version 5; older kernels accept it while the bytes that they
/// do not know are zero.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = ByteSize)]
internal struct PerfEventAttributes()
{
    public const int ByteSize = 112;

    /// <summary>PERF_FORMAT_LOST, Linux 6.0: read(2) also returns how many records found no room.</summary>
    public const ulong ReadLost = 1 << 4;

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
