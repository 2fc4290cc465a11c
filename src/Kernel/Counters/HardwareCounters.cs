using System.Diagnostics.CodeAnalysis;

namespace Observatory.Kernel;

/// <summary>
/// Counts cycles, instructions, cache and TLB misses of one thread, all four over the same time; perf_event_open(2).
/// </summary>
/// <remarks>
/// Counting only: no ring, no interrupt, a read costs about a microsecond. Needs a processor that lets this machine at
/// its counters, the own uid and perf_event_paranoid of at most 2, or CAP_PERFMON. User mode only.
/// </remarks>
public sealed class HardwareCounters : IDisposable
{
    private static readonly (PerfEventAttributes Attributes, string Name)[] Wanted =
    [
        (PerfEventShapes.Hardware(PerfEventShapes.Cycles), "cycles"),
        (PerfEventShapes.Hardware(PerfEventShapes.Instructions), "instructions"),
        (PerfEventShapes.Hardware(PerfEventShapes.CacheMisses), "last-level cache misses"),
        (PerfEventShapes.HardwareCache(PerfEventShapes.DataTlbReadMisses), "data TLB misses"),
    ];

    private readonly PerfEvent[] _group;

    private HardwareCounters(PerfEvent[] group) => _group = group;

    /// <summary>Opens and starts the counters of one thread: all four, or none.</summary>
    /// <param name="threadId">The thread, in our pid namespace; 0 for the calling one.</param>
    /// <param name="counters">The counters; null when refused.</param>
    /// <param name="reason">Why not, in one line; empty on success.</param>
    public static bool TryOpen(
        int threadId, [NotNullWhen(true)] out HardwareCounters? counters, out string reason)
    {
        (counters, reason) = (null, "");
        List<PerfEvent> group = new(Wanted.Length);
        foreach ((PerfEventAttributes attributes, string name) in Wanted)
        {
            PerfEvent? leader = group.Count == 0 ? null : group[0];
            PerfEvent? opened = PerfEvent.TryOpen(attributes, threadId, PerfEvent.AnyCpu, out int error, leader);
            if (opened is null)
            {
                reason = Refusal(error, name);
                group.ForEach(one => one.Dispose());
                return false;
            }

            group.Add(opened);
        }

        counters = new HardwareCounters([.. group]);
        return true;
    }

    /// <summary>What was counted since the opening.</summary>
    /// <returns>Null when the counters were always taken by others, or the read failed: unknown, not zero.</returns>
    public HardwareCounts? Read()
    {
        Span<byte> bytes = stackalloc byte[GroupReadDecoder.Bytes];
        return _group[0].TryRead(bytes) && GroupReadDecoder.TryDecode(bytes, out HardwareCounts counts) ? counts : null;
    }

    /// <summary>Closes the counters.</summary>
    public void Dispose()
    {
        foreach (PerfEvent one in _group) one.Dispose();
    }

    private static string Refusal(int error, string name) => error switch
    {
        Errno.NoEntry or Errno.NoDevice or Errno.NotSupported =>
            $"this machine has no hardware counter for {name}; {Remedies.Hardware}",
        Errno.NoSuchProcess => "the thread is gone",
        _ => KernelAccessException.FromError(error, $"the hardware counter for {name}").Message,
    };
}
