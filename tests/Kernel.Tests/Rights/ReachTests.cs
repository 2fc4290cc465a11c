using System.Globalization;

namespace Observatory.Kernel.Tests;

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
