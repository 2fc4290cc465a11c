namespace Observatory.Kernel;

/// <summary>The two events of one CPU and the ring that they share.</summary>
internal sealed class CpuRecorder : IDisposable
{
    // Handing consumed room back every so often keeps a burst from overrunning a ring that is being read.
    private const ulong ReleaseBytes = 64 * 1024;

    private readonly PerfEvent _switches;
    private readonly PerfEvent _wakings;
    private readonly RingMapping _ring;

    private CpuRecorder(int cpu, PerfEvent switches, PerfEvent wakings, RingMapping ring)
    {
        Cpu = cpu;
        _switches = switches;
        _wakings = wakings;
        _ring = ring;
    }

    public int Cpu { get; }

    /// <summary>Readable when the ring has passed its watermark.</summary>
    public int PollDescriptor => _switches.Descriptor.Number;

    /// <exception cref="KernelAccessException">Events of a whole CPU are refused.</exception>
    public static void DemandSwitches(int cpu) =>
        TryOpen(PerfEventShapes.Switches(Environment.SystemPageSize), cpu, "context switches")?.Dispose();

    /// <returns>Null when the CPU is offline, or when its ring is refused for its size.</returns>
    /// <exception cref="KernelAccessException">Anything else was refused.</exception>
    public static CpuRecorder? TryOpen(int cpu, long wakingId, int ringBytes, bool isNaming, out bool isRingRefused)
    {
        isRingRefused = false;
        int wakeupBytes = ringBytes / 4;
        PerfEvent? switches = null, wakings = null;
        RingMapping? ring = null;
        try
        {
            switches = TryOpen(PerfEventShapes.Switches(wakeupBytes, isNaming), cpu, "context switches");
            if (switches is null) return null;

            ring = RingMapping.TryCreate(switches.Descriptor, ringBytes, out int error);
            isRingRefused = error is Errno.NotPermitted or Errno.NoMemory;
            if (isRingRefused) return null;
            if (ring is null) throw KernelAccessException.FromError(error, $"mapping the ring of CPU {cpu}");

            wakings = TryOpen(PerfEventShapes.Tracepoint(wakingId, wakeupBytes), cpu, "sched_waking samples");
            if (wakings is null) return null;
            if (!wakings.TryRedirectTo(switches, out error))
                throw KernelAccessException.FromError(error, $"sharing the ring of CPU {cpu}");

            CpuRecorder opened = new(cpu, switches, wakings, ring);
            (switches, wakings, ring) = (null, null, null);
            return opened;
        }
        finally
        {
            wakings?.Dispose();
            ring?.Dispose();
            switches?.Dispose();
        }
    }

    public void Enable()
    {
        if (!_switches.TryEnable(out int error) || !_wakings.TryEnable(out error))
            throw KernelAccessException.FromError(error, $"enabling the events of CPU {Cpu}");
    }

    public void Disable()
    {
        _wakings.TryDisable(out _);
        _switches.TryDisable(out _);
    }

    /// <summary>Reads to the head as it stands now.</summary>
    /// <returns>Records read.</returns>
    public long Drain(
        RecordDispatcher dispatcher, ISchedulerRecordHandler handler, Span<byte> scratch, out bool isCorrupt)
    {
        bool isHeld = false;
        try
        {
            // Keeps the memory mapped to the end of this call if another thread disposes meanwhile.
            _ring.DangerousAddRef(ref isHeld);
            return DrainHeld(dispatcher, handler, scratch, out isCorrupt);
        }
        finally
        {
            if (isHeld) _ring.DangerousRelease();
        }
    }

    /// <summary>Records that both events could not write, as the kernel counts them; -1 before Linux 6.0.</summary>
    public long ReadKernelLost()
    {
        (long switches, long wakings) = (_switches.ReadLost(), _wakings.ReadLost());
        return switches < 0 || wakings < 0 ? -1 : switches + wakings;
    }

    public void Dispose()
    {
        _wakings.Dispose();
        _ring.Dispose();
        _switches.Dispose();
    }

    private long DrainHeld(
        RecordDispatcher dispatcher, ISchedulerRecordHandler handler, Span<byte> scratch, out bool isCorrupt)
    {
        long records = 0;
        ulong released = _ring.Tail;
        RingCursor cursor = new(_ring.Data, released, _ring.Head, scratch);
        try
        {
            while (cursor.TryRead(out PerfRecord record))
            {
                records++;
                dispatcher.Dispatch(record, handler);
                if (cursor.Position - released >= ReleaseBytes) _ring.Tail = released = cursor.Position;
            }
        }
        finally
        {
            // Also when the handler throws: no record is given twice.
            _ring.Tail = cursor.Position;
        }

        isCorrupt = cursor.IsCorrupt;
        return records;
    }

    private static PerfEvent? TryOpen(PerfEventAttributes attributes, int cpu, string what)
    {
        PerfEvent? opened = PerfEvent.TryOpen(attributes, PerfEvent.AllThreads, cpu, out int error);
        return opened is not null || error == Errno.NoDevice
            ? opened
            : throw KernelAccessException.FromError(error, $"{what} of CPU {cpu}");
    }
}
