using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>Instruments of the target's memory: what the garbage collector has of it, and what it cannot see.</summary>
internal sealed class MemoryMetrics : IRuntimeEventHandler
{
    private readonly int _process;
    private long _committed = -1;

    public MemoryMetrics(IMeterFactory meters, int process)
    {
        _process = process;
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableGauge("process.memory.usage", Resident, "By", "Memory of the target that is in RAM (resident set).");
        meter.CreateObservableGauge(
            "observatory.gc.committed", Committed, "By", "Memory that the target's garbage collector had from the system at its last collection.");
        meter.CreateObservableGauge(
            "observatory.memory.native",
            Native,
            "By",
            "Resident memory less what the collector had committed: libraries, stacks, tensors. Committed memory that was never touched makes it too small.");
    }

    public void CommittedSeen(long bytes) => Interlocked.Exchange(ref _committed, bytes);

    private IEnumerable<Measurement<long>> Resident() =>
        ResidentMemory.TryRead(_process, out long resident) ? [new(resident)] : [];

    private IEnumerable<Measurement<long>> Committed() =>
        Interlocked.Read(ref _committed) is >= 0 and var committed ? [new(committed)] : [];

    private IEnumerable<Measurement<long>> Native() =>
        Interlocked.Read(ref _committed) is >= 0 and var committed && ResidentMemory.TryRead(_process, out long resident)
            ? [new(Math.Max(0, resident - committed))]
            : [];
}
