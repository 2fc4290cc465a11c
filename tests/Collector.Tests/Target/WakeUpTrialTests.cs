using Observatory.Kernel;

namespace Observatory.Collector.Tests;

public sealed class WakeUpTrialTests
{
    [Fact]
    public void Every_cpu_is_tried_with_sleeps_that_really_ended()
    {
        IReadOnlyList<CpuWakeUps> cpus;
        try
        {
            cpus = WakeUpTrial.Run();
        }
        catch (KernelAccessException refused)
        {
            Assert.Skip($"needs the scheduler events of all CPUs: {refused.Message}");
            return;
        }

        Assert.NotEmpty(cpus);
        Assert.All(cpus, cpu => Assert.InRange(cpu.Ended, 10, 200));
        Assert.All(cpus, cpu => Assert.InRange(cpu.Recorded, 0, cpu.Ended));
        Assert.Equal(cpus.Select(cpu => cpu.Cpu).Order().Distinct(), cpus.Select(cpu => cpu.Cpu));
    }

    [Fact]
    public void Cpus_that_lose_wake_ups_are_named_with_their_counts()
    {
        KernelFinding finding = WakeUpTrial.Describe([new(0, 40, 39), new(1, 40, 2), new(3, 40, 0)]);
        Assert.False(finding.IsOk);
        Assert.Equal("recorded of sleeps that ended: CPU 1: 2 of 40, CPU 3: 0 of 40", finding.Reason);
        Assert.NotEmpty(finding.Remedy);
        Assert.True(WakeUpTrial.Describe([new(0, 40, 39)]).IsOk);
    }
}
