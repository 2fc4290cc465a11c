using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>A thread is being woken and from now on waits for a CPU; the tracepoint sched:sched_waking.</summary>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds.</param>
/// <param name="Cpu">The CPU that the waking happens on, not the one that the woken thread will run on.</param>
/// <param name="WakerProcessId">The process that was running there, in the opener's pid namespace.</param>
/// <param name="WakerThreadId">
/// The thread that was running there, in the opener's pid namespace; 0 for the idle thread and outside the namespace.
/// An interrupt wakes in the name of the thread that it interrupted: see <paramref name="IsInterrupt"/>.
/// </param>
/// <param name="WokenThreadId">The woken thread, in the opener's pid namespace; 0 when that id is not known.</param>
/// <param name="IsInterrupt">The waker is an interrupt, hard or soft: a timer or a device, not the thread that was running.</param>
/// <param name="Interrupt">What the interrupt was for; other where that is not recorded.</param>
/// <remarks>Source: include/trace/events/sched.h. A thread may be woken without having been blocked.</remarks>
public readonly record struct WakingRecord(
    long Time,
    int Cpu,
    int WakerProcessId,
    int WakerThreadId,
    int WokenThreadId,
    bool IsInterrupt = false,
    InterruptKind Interrupt = InterruptKind.None);

/// <summary>A sched_waking sample as the kernel wrote it, up to the tracepoint's own fields: ids of two namespaces side by side.</summary>
/// <remarks>The four common fields come first in every tracepoint of every kernel.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = sizeof(uint))]
internal readonly struct WakingSample
{
    /// <summary>Where a tracepoint's fields begin.</summary>
    public const int RawOffset = PerfRecord.HeaderBytes + SampleId.Bytes + sizeof(uint);

    // TRACE_FLAG_HARDIRQ, TRACE_FLAG_SOFTIRQ and TRACE_FLAG_NMI of include/linux/trace_events.h.
    private const byte InterruptFlags = 0x08 | 0x10 | 0x40;
    private const byte HardFlags = 0x08 | 0x40;

    private readonly PerfRecordHeader _header;

    /// <summary>The waking thread, in the opener's pid namespace.</summary>
    public readonly SampleId Waker;

    /// <summary>Bytes of the tracepoint's fields.</summary>
    public readonly uint RawBytes;

    private readonly ushort _tracepoint;
    private readonly byte _flags;
    private readonly byte _preemptions;

    /// <summary>The waking thread again, in the initial pid namespace.</summary>
    public readonly int InitialWakerId;

    /// <summary>An interrupt, hard or soft, was served on the CPU.</summary>
    public bool IsInterrupt => (_flags & InterruptFlags) != 0;

    /// <summary>That was a hard one.</summary>
    public bool IsHard => (_flags & HardFlags) != 0;
}

/// <summary>PERF_RECORD_SAMPLE of sched:sched_waking: sample id, u32 size, the tracepoint's own fields.</summary>
/// <param name="wokenIdOffset">Offset of the field <c>pid</c> within the tracepoint's fields.</param>
internal sealed class WakingDecoder(int wokenIdOffset)
{
    /// <param name="record">The record.</param>
    /// <param name="sample">What it says of the waker.</param>
    /// <param name="initialWokenId">The woken thread, in the initial pid namespace.</param>
    /// <returns>False where it is too short.</returns>
    public bool TryDecode(PerfRecord record, out WakingSample sample, out int initialWokenId)
    {
        initialWokenId = 0;
        ReadOnlySpan<byte> bytes = record.Bytes;
        return MemoryMarshal.TryRead(bytes, out sample)
            && sample.RawBytes <= bytes.Length - WakingSample.RawOffset
            && sample.RawBytes >= wokenIdOffset + sizeof(int)
            && MemoryMarshal.TryRead(bytes[(WakingSample.RawOffset + wokenIdOffset)..], out initialWokenId);
    }
}
