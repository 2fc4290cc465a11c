namespace Observatory.Kernel.Tests;

public sealed class ResourceLimitsTests
{
    private const string Limits = """
        Limit                     Soft Limit           Hard Limit           Units
        Max cpu time              unlimited            unlimited            seconds
        Max processes             95890                95890                processes
        Max open files            1024                 524288               files
        """;

    [Fact]
    public void The_soft_limits_count() => Assert.Equal(new ResourceLimits(OpenFiles: 1024, Threads: 95890), ResourceLimits.Parse(Limits));

    [Theory]
    [InlineData("Max open files            unlimited            unlimited            files")]
    [InlineData("")]
    public void No_limit_and_no_word_of_one_are_the_largest_number(string limits) =>
        Assert.Equal(new ResourceLimits(long.MaxValue, long.MaxValue), ResourceLimits.Parse(limits));

    [Fact]
    public void This_process_may_open_files() => Assert.True(ResourceLimits.Read().OpenFiles > 0);
}
