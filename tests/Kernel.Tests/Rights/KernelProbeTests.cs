using System.Globalization;

namespace Observatory.Kernel.Tests;

[Collection(RealKernel.Name)]
public sealed class KernelProbeTests
{
    [Theory]
    [InlineData(KernelTier.None)]
    [InlineData(KernelTier.ProcFs, KernelAspects.ProcFs)]
    [InlineData(KernelTier.Thread, KernelAspects.ProcFs, KernelAspects.ThreadSwitches)]
    [InlineData(KernelTier.Thread, KernelAspects.ThreadSwitches, KernelAspects.CpuSwitches)]
    [InlineData(KernelTier.Thread, KernelAspects.ThreadSwitches, KernelAspects.CpuSwitches, KernelAspects.TracepointId)]
    [InlineData(KernelTier.Kernel, KernelAspects.WakingSamples, KernelAspects.CpuSwitches, KernelAspects.TracepointId)]
    public void A_tier_needs_all_it_is_made_of(KernelTier expected, params string[] met)
    {
        IEnumerable<KernelFinding> findings =
            met.Select(name => new KernelFinding(name, true, "", "")).Append(new("anything else", false, "", ""));
        Assert.Equal(expected, KernelProbe.TierOf([.. findings]));
    }

    [Fact]
    public void Every_refusal_has_a_reason_and_a_remedy() => Assert.All(KernelProbe.Probe().Findings, finding =>
    {
        Assert.NotEmpty(finding.Reason);
        Assert.Equal(finding.IsOk, finding.Remedy.Length == 0);
    });

    [Fact]
    public void With_every_capability_the_kernel_tier_is_reached()
    {
        const int SysAdmin = 21, PerfMon = 38;
        string line = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith("CapEff:", StringComparison.Ordinal));
        ulong effective = ulong.Parse(line[7..].Trim(), NumberStyles.HexNumber);
        if ((effective >> SysAdmin & effective >> PerfMon & 1) == 0) Assert.Skip("needs CAP_SYS_ADMIN and CAP_PERFMON");
        Assert.Equal(KernelTier.Kernel, KernelProbe.Probe().Tier);
    }

    [Fact]
    public void Without_the_tracepoint_the_tier_is_the_next_lower_one()
    {
        KernelProbeOptions options = new() { Recording = new() { TracefsRoot = "/nonexistent" } };
        KernelProbeResult result = KernelProbe.Probe(options);
        Assert.NotEqual(KernelTier.Kernel, result.Tier);
        Assert.Contains(result.Findings, finding => finding is { Name: KernelAspects.TracepointId, IsOk: false });
    }

    [Fact]
    public void A_kernel_without_pressure_is_told_what_gives_it()
    {
        KernelFinding finding = MachineFindings.Pressure("/nonexistent");
        Assert.False(finding.IsOk);
        Assert.Contains("psi=1", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Probing_leaves_nothing_open()
    {
        int before = RealKernel.OpenPerfEvents();
        KernelProbe.Probe();
        Assert.Equal(before, RealKernel.OpenPerfEvents());
    }
}
