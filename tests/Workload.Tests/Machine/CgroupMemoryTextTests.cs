namespace Observatory.Workload.Tests;

public sealed class CgroupMemoryTextTests
{
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
        Assert.Equal(left, CgroupMemoryText.Remaining(limit, usage, statistics, "inactive_file"));
}
