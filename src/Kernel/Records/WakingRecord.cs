using System.Buffers.Binary;

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

/// <summary>A sched_waking sample as the kernel wrote it: ids of two namespaces side by side.</summary>
/// <param name="Waker">The waking thread, in the opener's pid namespace.</param>
/// <param name="InitialWakerId">The waking thread again, in the initial pid namespace.</param>
/// <param name="IsInterrupt">An interrupt, hard or soft, was served on the CPU.</param>
/// <param name="IsHard">That was a hard one.</param>
/// <param name="InitialWokenId">The woken thread, in the initial pid namespace.</param>
internal readonly record struct WakingSample(SampleId Waker, int InitialWakerId, bool IsInterrupt, bool IsHard, int InitialWokenId);

/// <summary>PERF_RECORD_SAMPLE of sched:sched_waking: sample id, u32 size, the tracepoint's own fields.</summary>
/// <param name="wokenIdOffset">Offset of the field <c>pid</c> within the tracepoint's fields.</param>
internal sealed class WakingDecoder(int wokenIdOffset)
{
    private const int RawSizeOffset = PerfRecord.HeaderBytes + SampleId.Bytes;
    private const int RawOffset = RawSizeOffset + sizeof(uint);

    // The four common fields come first in every tracepoint of every kernel.
    private const int FlagsOffset = 2;
    private const int WakerIdOffset = 4;

    // TRACE_FLAG_HARDIRQ, TRACE_FLAG_SOFTIRQ and TRACE_FLAG_NMI of include/linux/trace_events.h.
    private const byte InterruptFlags = 0x08 | 0x10 | 0x40;
    private const byte HardFlags = 0x08 | 0x40;

    public bool TryDecode(PerfRecord record, out WakingSample decoded)
    {
        ReadOnlySpan<byte> bytes = record.Bytes;
        decoded = default;
        if (bytes.Length < RawOffset) return false;

        uint rawBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[RawSizeOffset..]);
        ReadOnlySpan<byte> raw = bytes[RawOffset..];
        if (rawBytes > raw.Length || rawBytes < wokenIdOffset + sizeof(int)) return false;

        decoded = new WakingSample(
            SampleId.Read(bytes[PerfRecord.HeaderBytes..]),
            BinaryPrimitives.ReadInt32LittleEndian(raw[WakerIdOffset..]),
            (raw[FlagsOffset] & InterruptFlags) != 0,
            (raw[FlagsOffset] & HardFlags) != 0,
            BinaryPrimitives.ReadInt32LittleEndian(raw[wokenIdOffset..]));
        return true;
    }
}
