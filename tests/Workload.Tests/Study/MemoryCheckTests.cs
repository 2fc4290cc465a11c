using Observatory.Hosting;

namespace Observatory.Workload.Tests;

public sealed class MemoryCheckTests
{
    private static readonly StudyPoint Small = new(OperationFormulas.Linear, 8, 512, 128);
    private static readonly StudyPoint Large = new(OperationFormulas.Linear, 64, 1024, 1024);
    private static readonly long Needed = (long)Large.PeakBytes + MemoryCheck.Headroom;

    [Fact]
    public void The_largest_point_with_headroom_may_take_all_there_is() =>
        MemoryCheck.Require([Small, Large, Small], new MemoryLimit(Needed, "test"));

    [Fact]
    public void One_byte_less_is_refused_and_both_amounts_are_named()
    {
        var problem = Assert.Throws<UsageException>(
            () => MemoryCheck.Require([Small, Large], new MemoryLimit(Needed - 1, "the test's limit")));

        Assert.Contains("[64, 1024, 1024] needs 772 MiB", problem.Message, StringComparison.Ordinal);
        Assert.Contains("772 MiB are available (the test's limit)", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_beyond_64_bits_are_refused_like_any_other() => Assert.Throws<UsageException>(() =>
        MemoryCheck.Require([new(OperationFormulas.Mlp, int.MaxValue, int.MaxValue, int.MaxValue)], new MemoryLimit(long.MaxValue, "test")));
}
