namespace Observatory.Kernel.Tests;

public sealed class CgroupLimitsTests
{
    [Theory]
    [InlineData("150000 100000\n", 1.5)]
    [InlineData("50000 100000\n", 0.5)]
    [InlineData("max 100000\n", null)]
    [InlineData("", null)]
    [InlineData("0 100000", null)]
    [InlineData("100000 0", null)]
    [InlineData(null, null)]
    public void Version_2_writes_quota_and_period_in_one_file(string? text, double? cpus) => Assert.Equal(cpus, CpuQuota.ParseVersion2(text));

    [Theory]
    [InlineData("200000\n", "100000\n", 2.0)]
    [InlineData("-1\n", "100000\n", null)]
    [InlineData(null, "100000\n", null)]
    [InlineData("200000\n", null, null)]
    public void Version_1_writes_them_in_two(string? quota, string? period, double? cpus) =>
        Assert.Equal(cpus, CpuQuota.ParseVersion1(quota, period));

    [Theory]
    [InlineData("1000\n", "300\n", "", 700L)]
    [InlineData("1000\n", "300\n", "anon 1\ninactive_file 250\n", 950L)]
    [InlineData("1000\n", "1200\n", "", 0L)]
    [InlineData("1000\n", "100\n", "inactive_file 500\n", 1000L)]
    [InlineData("max\n", "300\n", "", null)]
    [InlineData("9223372036854771712\n", "300\n", "", null)]
    [InlineData(null, "300\n", "", null)]
    [InlineData("1000\n", null, "", null)]
    public void What_is_left_counts_the_cache_that_can_be_dropped(
        string? limit, string? usage, string? statistics, long? left) =>
        Assert.Equal(left, CgroupMemory.ParseRemaining(limit, usage, statistics, "inactive_file"));
}
