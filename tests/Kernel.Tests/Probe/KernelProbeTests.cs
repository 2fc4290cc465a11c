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

/// <summary>What is reached follows from capabilities, the paranoid level and the tracepoint's number.</summary>
[Collection(RealKernel.Name)]
public sealed class ReachTests
{
    private const int SysAdmin = 21;
    private const int PerfMon = 38;

    [Fact]
    public void The_tier_is_what_the_rights_allow()
    {
        bool isIdReadable = Has(SysAdmin) || File.Exists("/sys/kernel/tracing/events/sched/sched_waking/id");
        bool isAllowed = Has(PerfMon) || Has(SysAdmin) || ParanoidLevelNow() < 0;
        KernelTier expected = (isAllowed && isIdReadable, isAllowed || ParanoidLevelNow() <= 2) switch
        {
            (true, _) => KernelTier.Kernel,
            (_, true) => KernelTier.Thread,
            _ => KernelTier.ProcFs,
        };
        Assert.Equal(expected, KernelProbe.Probe().Tier);
    }

    [Fact]
    public void The_tier_that_is_reached_opens()
    {
        switch (KernelProbe.Probe().Tier)
        {
            case KernelTier.Kernel:
                SchedulerRecording.Open(new()).Dispose();
                break;
            case KernelTier.Thread:
                ThreadRecording.Open(Environment.ProcessId, new()).Dispose();
                Assert.Throws<KernelAccessException>(() => SchedulerRecording.Open(new()));
                break;
            default:
                Assert.Throws<KernelAccessException>(() => ThreadRecording.Open(Environment.ProcessId, new()));
                break;
        }
    }

    internal static int ParanoidLevelNow()
    {
        Assert.True(KernelText.TryRead("/proc/sys/kernel/perf_event_paranoid", out string text));
        Assert.True(ParanoidLevel.TryParse(text, out int level));
        return level;
    }

    private static bool Has(int capability)
    {
        string line = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith("CapEff:", StringComparison.Ordinal));
        return (ulong.Parse(line[7..].Trim(), NumberStyles.HexNumber) >> capability & 1) != 0;
    }
}

/// <summary>A machine with perf_event_paranoid 3, which refuses every event without a capability.</summary>
[Collection(RealKernel.Name)]
public sealed class RefusedEventsTests : IDisposable
{
    private readonly string _proc = Directory.CreateTempSubdirectory("proc").FullName;

    [Fact]
    public void Procfs_is_what_is_left()
    {
        Write("sys/kernel/perf_event_paranoid", "3\n");
        Write($"{Environment.ProcessId}/task/1/schedstat", "1 2 3\n");
        KernelProbeResult result = Probe();
        Assert.Equal(KernelTier.ProcFs, result.Tier);
        Assert.Equal("3: only CAP_PERFMON may record", Of(result, KernelAspects.Paranoid).Reason);
        Assert.Contains("paranoid=2", Of(result, KernelAspects.ThreadSwitches).Remedy, StringComparison.Ordinal);
        Assert.Contains("errno 13", Of(result, KernelAspects.CpuSwitches).Reason, StringComparison.Ordinal);
        Assert.StartsWith("not tried", Of(result, KernelAspects.RingMemory).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_procfs_nothing_is_left() => Assert.Equal(KernelTier.None, Probe().Tier);

    [Fact]
    public void Every_refusal_has_a_reason_and_a_remedy() => Assert.All(Probe().Findings, finding =>
    {
        Assert.NotEmpty(finding.Reason);
        Assert.Equal(finding.IsOk, finding.Remedy.Length == 0);
    });

    [Fact]
    public void Nothing_is_opened()
    {
        int before = RealKernel.OpenPerfEvents();
        Probe();
        Assert.Equal(before, RealKernel.OpenPerfEvents());
    }

    public void Dispose() => Directory.Delete(_proc, recursive: true);

    private static KernelFinding Of(KernelProbeResult result, string name) =>
        Assert.Single(result.Findings, finding => finding.Name == name);

    private KernelProbeResult Probe() => KernelProbe.Probe(new() { ProcRoot = _proc, RefuseEvents = true });

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{_proc}/{path}")!);
        File.WriteAllText($"{_proc}/{path}", text);
    }
}
