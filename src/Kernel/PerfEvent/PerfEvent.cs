using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>One open perf event; perf_event_open(2).</summary>
internal sealed class PerfEvent : IDisposable
{
    public const int AllThreads = -1;
    public const int CallingThread = 0;
    public const int AnyCpu = -1;

    private const int NoGroup = -1;
    private const int CloseOnExec = 8;
    private const uint EnableRequest = 0x2400;
    private const uint DisableRequest = 0x2401;
    private const uint SetOutputRequest = 0x2405;
    private const uint SetFilterRequest = 0x40082406;

    private readonly bool _countsLoss;

    private PerfEvent(DescriptorHandle descriptor, bool countsLoss)
    {
        Descriptor = descriptor;
        _countsLoss = countsLoss;
    }

    public DescriptorHandle Descriptor { get; }

    /// <param name="attributes">What to open.</param>
    /// <param name="threadId">The thread, or <see cref="AllThreads"/>.</param>
    /// <param name="cpu">The CPU, or <see cref="AnyCpu"/>.</param>
    /// <param name="error">The error number.</param>
    /// <returns>The event, or null and the error number.</returns>
    public static PerfEvent? TryOpen(PerfEventAttributes attributes, int threadId, int cpu, out int error)
    {
        PerfEvent? opened = TryOpenExactly(attributes, threadId, cpu, out error);
        bool isRefusedForLost = error == Errno.InvalidArgument && attributes.ReadFormat == PerfEventAttributes.ReadLost;
        if (!isRefusedForLost) return opened;

        // Before Linux 6.0 the kernel does not count its losses per event; LOST records tell them still.
        attributes.ReadFormat = 0;
        return TryOpenExactly(attributes, threadId, cpu, out error);
    }

    public bool TryEnable(out int error) => TryControl(EnableRequest, 0, out error);

    public bool TryDisable(out int error) => TryControl(DisableRequest, 0, out error);

    /// <summary>Makes this event write into the ring of another one of the same CPU and clock.</summary>
    public bool TryRedirectTo(PerfEvent other, out int error) =>
        TryControl(SetOutputRequest, other.Descriptor.Number, out error);

    /// <summary>Lets through only what a filter says; of a tracepoint. Documentation/trace/events.rst has the language.</summary>
    public bool TryFilter(string filter, out int error)
    {
        nint text = Marshal.StringToCoTaskMemUTF8(filter);
        try
        {
            return TryControl(SetFilterRequest, text, out error);
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    /// <summary>Records this event could not write, as the kernel counts them; -1 before Linux 6.0.</summary>
    public long ReadLost()
    {
        // struct read_format: u64 value, u64 lost.
        Span<byte> counts = stackalloc byte[16];
        return _countsLoss && Libc.Read(Descriptor, counts, (nuint)counts.Length) == counts.Length
            ? BinaryPrimitives.ReadInt64LittleEndian(counts[8..])
            : -1;
    }

    public void Dispose() => Descriptor.Dispose();

    private static PerfEvent? TryOpenExactly(in PerfEventAttributes attributes, int threadId, int cpu, out int error)
    {
        DescriptorHandle descriptor =
            Libc.OpenPerfEvent(SystemCall.PerfEventOpen, attributes, threadId, cpu, NoGroup, CloseOnExec);
        error = descriptor.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
        if (error == 0) return new PerfEvent(descriptor, attributes.ReadFormat == PerfEventAttributes.ReadLost);
        descriptor.Dispose();
        return null;
    }

    private bool TryControl(uint request, nint argument, out int error)
    {
        error = Libc.Control(Descriptor, request, argument) < 0 ? Marshal.GetLastPInvokeError() : 0;
        return error == 0;
    }
}
