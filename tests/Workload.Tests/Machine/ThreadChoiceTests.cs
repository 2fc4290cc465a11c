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
        int? asked, int processors, double? quota, int threads, string reason) =>
        Assert.Equal(new ThreadChoice(threads, reason), ThreadChoice.Choose(asked, processors, quota));
}
