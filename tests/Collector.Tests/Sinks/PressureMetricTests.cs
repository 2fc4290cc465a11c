using Observatory.Kernel;

namespace Observatory.Collector.Tests;

public sealed class PressureMetricTests
{
    [Theory]
    [InlineData(3_000_000, 1_000_000, new[] { 3.0, 1.0 })]
    [InlineData(3_000_000, 0, new[] { 3.0, 0.0 })]
    [InlineData(3_000_000, -1, new[] { 3.0 })]
    public void What_the_kernel_does_not_say_has_no_series(long some, long full, double[] expected) =>
        Assert.Equal(expected, MachineMetrics.Stalled("cpu", new PressureTotals(some, full)).Select(one => one.Value));
}
