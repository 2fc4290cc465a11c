using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>What each source can see on this machine with the rights of this process.</summary>
/// <param name="Sources">Every source.</param>
internal sealed record Diagnosis(IReadOnlyList<SourceDiagnosis> Sources)
{
    /// <summary>True when every source has its highest tier.</summary>
    public bool IsFull => Sources.All(source => source.IsFull);

    /// <summary>Tries everything once.</summary>
    public static Diagnosis Make()
    {
        KernelProbeResult kernel = KernelProbe.Probe(
            new KernelProbeOptions { Recording = RingBudget.ForThisMachine() });
        KernelFinding procFs = kernel.Findings.Single(finding => finding.Name == KernelAspects.ProcFs);
        return new Diagnosis(
        [
            new SourceDiagnosis("runtime", Tiers.EventPipe, IsFull: true, Runtime(), [EventPipe()]),
            new SourceDiagnosis("kernel", Tier(kernel), kernel.Tier == KernelTier.Kernel, Kernel(kernel), [.. kernel.Findings.Where(finding => finding.Name != KernelAspects.Pressure)]),
            new SourceDiagnosis("procfs", procFs.IsOk ? Tiers.ProcFs : Tiers.None, procFs.IsOk, "context switches, page faults, CPU quota and memory of the target", [procFs, kernel.Findings.Single(finding => finding.Name == KernelAspects.Pressure)]),
        ]);
    }

    private static string Runtime() => "iterations and suspensions of a .NET process of this user (of any user for root)";

    private static KernelFinding EventPipe()
    {
        int processes = DiagnosticsClient.GetPublishedProcesses().Count(process => process != Environment.ProcessId);
        return new KernelFinding(
            "diagnostics sockets",
            IsOk: true,
            $"{processes} other .NET processes offer one in {Path.GetTempPath()}",
            "");
    }

    private static string Tier(KernelProbeResult kernel) => kernel.Tier switch
    {
        KernelTier.Kernel => Tiers.Kernel,
        KernelTier.Thread => Tiers.Thread,
        KernelTier.ProcFs => Tiers.ProcFs,
        _ => Tiers.None,
    };

    private static string Kernel(KernelProbeResult kernel) => kernel.Tier switch
    {
        KernelTier.Kernel => "every context switch and wake-up: the full account",
        KernelTier.Thread => "context switches of the target's threads: running, preempted, blocked; "
            + "and waking, where the target tells its own counters",
        KernelTier.ProcFs => "no event, but totals for each iteration: running, preempted with waking in it, blocked, "
            + "where the target tells its own counters",
        _ => "accounts stay unknown outside gc",
    };
}
