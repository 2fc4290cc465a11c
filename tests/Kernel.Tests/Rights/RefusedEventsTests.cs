namespace Observatory.Kernel.Tests;

/// <summary>A machine with perf_event_paranoid 3, which refuses every event to whoever has no capability.</summary>
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
