using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>
/// Instruments that are asked at each scrape: what the kernel counts about the machine and about the target's control
/// group. What this kernel does not count has no series.
/// </summary>
internal static class MachineMetrics
{
    public static void Observe(IMeterFactory meters, int target, FaultCost? faultCost)
    {
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableCounter(
            "observatory.cpu.stolen", Stolen, "s", "Time in which the hypervisor ran something else on a virtual CPU.");
        meter.CreateObservableCounter(
            "observatory.pressure.stalled", Stalled, "s", "Time in which tasks on the machine were stalled for lack of a resource.");
        meter.CreateObservableCounter(
            "observatory.cgroup.throttled", () => Throttled(target), "s", "Time in which the target's CPU quota was used up.");
        meter.CreateObservableCounter(
            "observatory.cgroup.periods", () => Periods(target), null, "Periods of the target's CPU quota.");
        meter.CreateObservableCounter(
            "observatory.target.page_faults", () => Faults(target), null, "Page faults of the target.");
        meter.CreateObservableGauge(
            "observatory.page_fault.cost",
            () => Cost(faultCost),
            "s",
            "CPU time of a minor page fault, measured when the collector started: what modelled fault times are made of.");
    }

    private static IEnumerable<Measurement<double>> Stolen() => StolenTime.TryRead(out StolenTimes stolen)
        ? stolen.ByCpu.Select(cpu => new Measurement<double>(cpu.Value / 1e9, Label("cpu", $"{cpu.Key}")))
        : [];

    private static IEnumerable<Measurement<double>> Stalled()
    {
        foreach (string resource in PressureStall.Resources)
        {
            if (!PressureStall.TryRead(resource, out PressureTotals stalled)) continue;
            foreach (Measurement<double> one in Stalled(resource, stalled)) yield return one;
        }
    }

    /// <summary>Before Linux 5.13 the kernel does not say when the CPU stalled all of a machine's work.</summary>
    internal static IEnumerable<Measurement<double>> Stalled(string resource, PressureTotals stalled)
    {
        yield return new(stalled.SomeMicroseconds / 1e6, Label("resource", resource), Label("kind", "some"));
        if (stalled.FullMicroseconds >= 0)
            yield return new(stalled.FullMicroseconds / 1e6, Label("resource", resource), Label("kind", "full"));
    }

    private static IEnumerable<Measurement<double>> Throttled(int target) =>
        CgroupThrottling.TryRead(target, out CgroupThrottlingCounts counts) ? [new(counts.ThrottledNanoseconds / 1e9)] : [];

    private static IEnumerable<Measurement<long>> Periods(int target) =>
        CgroupThrottling.TryRead(target, out CgroupThrottlingCounts counts)
            ? [new(counts.ThrottledPeriods, Label("throttled", "true")), new(counts.Periods - counts.ThrottledPeriods, Label("throttled", "false"))]
            : [];

    /// <summary>The process's own line counts threads that have ended, too: the total never falls.</summary>
    private static IEnumerable<Measurement<long>> Faults(int target) =>
        ProcessFaults.TryRead(target, out long minor, out long major)
            ? [new(minor, Label("system_paging_fault_type", "minor")), new(major, Label("system_paging_fault_type", "major"))]
            : [];

    private static IEnumerable<Measurement<double>> Cost(FaultCost? cost) => cost is null ? [] : [new(cost.Seconds)];

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
