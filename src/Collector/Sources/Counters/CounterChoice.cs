using Observatory.Contract;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>Which counters the target is asked for.</summary>
internal static class CounterChoice
{
    /// <summary>
    /// Target and collector share the machine: where it has no hardware counter for one, it has none for the other, and a
    /// target that need not try has no cost.
    /// </summary>
    /// <param name="wanted">The set that was asked for; null for none.</param>
    /// <param name="note">Told in one line why it is not that.</param>
    /// <returns>The set; null for none.</returns>
    public static CounterSet? Of(CounterSet? wanted, Action<string> note)
    {
        if (wanted?.Id != CounterSet.Hardware.Id) return wanted;
        KernelFinding finding = KernelProbe.HardwareCounters();
        if (finding.IsOk) return wanted;
        note($"hardware counters: {finding.Reason}; {finding.Remedy}");
        return null;
    }
}
