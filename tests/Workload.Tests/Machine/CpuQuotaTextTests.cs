namespace Observatory.Workload.Tests;

public sealed class CpuQuotaTextTests
{
    [Theory]
    [InlineData("150000 100000\n", 1.5)]
    [InlineData("50000 100000\n", 0.5)]
    [InlineData("max 100000\n", null)]
    [InlineData("", null)]
    [InlineData("0 100000", null)]
    [InlineData("100000 0", null)]
    [InlineData(null, null)]
    public void Version_2(string? text, double? cpus) => Assert.Equal(cpus, CpuQuotaText.Version2(text));

    [Theory]
    [InlineData("200000\n", "100000\n", 2.0)]
    [InlineData("-1\n", "100000\n", null)]
    [InlineData(null, "100000\n", null)]
    [InlineData("200000\n", null, null)]
    public void Version_1(string? quota, string? period, double? cpus) =>
        Assert.Equal(cpus, CpuQuotaText.Version1(quota, period));
}
