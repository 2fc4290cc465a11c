namespace Observatory.Workload.Tests;

public sealed class ThreadChoiceTests
{
    [Theory]
    [InlineData(null, 8, null, 8, "affinity mask of 8 CPUs")]
    [InlineData(null, 8, 2.9, 2, "cgroup quota of 2.9 CPUs")]
    [InlineData(null, 8, 0.5, 1, "cgroup quota of 0.5 CPUs")]
    [InlineData(null, 2, 64.0, 2, "affinity mask of 2 CPUs")]
    [InlineData(5, 2, 1.0, 5, "as asked")]
    public void The_smaller_of_mask_and_whole_quota_unless_asked(
        int? asked, int processors, double? quota, int threads, string reason)
    {
        ThreadChoice choice = ThreadChoice.Choose(asked is { } one ? [one] : [], processors, quota);

        Assert.Equal(threads, Assert.Single(choice.Threads));
        Assert.Equal(reason, choice.Reason);
    }

    [Theory]
    [InlineData(4, null, null)]
    [InlineData(2, null, "4 threads are more than the 2 CPUs of the affinity mask: they will wait for each other")]
    [InlineData(4, 1.5, "2, 4 threads are more than the cgroup quota of 1.5 CPUs pays for: they will be throttled")]
    [InlineData(1, 3.0, "2, 4 threads are more than the 1 CPU of the affinity mask: they will wait for each other")]
    public void More_threads_than_there_are_CPUs_for_are_warned_of(int processors, double? quota, string? warning) =>
        Assert.Equal(warning, ThreadChoice.Choose([1, 2, 4], processors, quota).Warning);
}
