namespace Observatory.Study.Tests;

public sealed class CacheLevelTests
{
    [Theory]
    [InlineData(32, 1, 1)]
    [InlineData(33, 1, 2)]
    [InlineData(64, 2, 1)]
    [InlineData(2000, 2, 2)]
    [InlineData(2001, 2, 3)]
    [InlineData(30_000, 2, 3)]
    [InlineData(30_001, 2, CacheLevel.Memory)]
    public void The_nearest_that_holds_it(long bytes, int threads, int level) =>
        Assert.Equal(level, CacheLevel.Of(bytes, l1d: 32, l2: 1000, l3: 30_000, threads));

    [Fact]
    public void A_machine_without_a_third_level() =>
        Assert.Equal(CacheLevel.Memory, CacheLevel.Of(2000, l1d: 32, l2: 1000, l3: null, threads: 1));

    [Fact]
    public void Nothing_known_is_nothing_said() => Assert.Null(CacheLevel.Of(1, null, null, null, 1));
}
