namespace Observatory.Workload.Tests;

public sealed class CgroupTextTests
{
    private const string Hybrid =
        """
        22 1 254:0 / / rw,relatime - ext4 /dev/root rw
        32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 /docker/abc /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
        """;

    [Fact]
    public void Mounts_of_both_versions_are_found_among_the_others()
    {
        IReadOnlyList<CgroupMount> mounts = CgroupText.Mounts(Hybrid);

        Assert.Equal(
            ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/unified"], mounts.Select(m => m.Directory));
        Assert.Equal([false, false, true], mounts.Select(m => m.IsVersion2));
        Assert.Contains("cpu", mounts[0].Controllers);
        Assert.Equal("/docker/abc", mounts[1].Root);
    }

    [Theory]
    [InlineData("", "/user.slice/session:1")]
    [InlineData("cpu", "/build")]
    [InlineData("cpuacct", "/build")]
    [InlineData("memory", "/")]
    [InlineData("pids", null)]
    public void The_path_is_that_of_the_controllers_line(string controller, string? path) => Assert.Equal(
        path, CgroupText.Path("4:memory:/\n3:cpu,cpuacct:/build\n0::/user.slice/session:1\n", controller));
}
