namespace Observatory.Kernel.Tests;

/// <summary>Tests that record the real machine: one at a time, so that one's load is not another's loss.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealKernel
{
    public const string Name = "real kernel";

    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly Lazy<KernelProbeResult> Probed = new(() => KernelProbe.Probe());

    public static void NeedsKernelTier()
    {
        if (Probed.Value.Tier == KernelTier.Kernel) return;
        KernelFinding missing = Probed.Value.Findings
            .First(finding => !finding.IsOk && finding.Name != KernelAspects.Paranoid);
        Assert.Skip($"needs {missing.Name}: {missing.Reason}; {missing.Remedy}");
    }

    public static int OpenPerfEvents() =>
        Directory.EnumerateFiles("/proc/self/fd")
            .Count(path => new FileInfo(path).LinkTarget == "anon_inode:[perf_event]");
}
