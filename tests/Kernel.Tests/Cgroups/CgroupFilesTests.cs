using Observatory.Tests.Shared;

namespace Observatory.Kernel.Tests;

/// <summary>Whole trees of files, as the kernel lays them out, below a root of the test's own.</summary>
public sealed class CgroupFilesTests
{
    private const string Version2 = "30 23 0:26 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw\n";

    private const string Version1 =
        "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
        + "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";

    [Fact]
    public void The_tightest_quota_between_the_process_and_the_root_counts()
    {
        using TemporaryFolder root = Tree(Version2, "0::/a/b\n")
            .With("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n")
            .With("/sys/fs/cgroup/a/cpu.max", "150000 100000\n");

        Assert.Equal(1.5, CpuQuota.Read(new CgroupFiles(root.Path)));
    }

    [Fact]
    public void Version_1_is_read_as_well()
    {
        using TemporaryFolder root = Tree(Version1, "1:cpu:/a\n4:memory:/a\n")
            .With("/proc/meminfo", "MemAvailable: 4000 kB\n")
            .With("/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "300000\n")
            .With("/sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n")
            .With("/sys/fs/cgroup/memory/a/memory.limit_in_bytes", "1000000\n")
            .With("/sys/fs/cgroup/memory/a/memory.usage_in_bytes", "400000\n")
            .With("/sys/fs/cgroup/memory/a/memory.stat", "inactive_file 7\ntotal_inactive_file 50000\n");
        var files = new CgroupFiles(root.Path);

        Assert.Equal(3, CpuQuota.Read(files));
        Assert.Equal(650_000, AvailableMemory.Read(files).Bytes);
    }

    [Fact]
    public void A_cgroup_outside_the_namespace_is_read_at_the_mount_point()
    {
        using TemporaryFolder root = Tree(Version2, "0::/../../elsewhere\n")
            .With("/sys/fs/cgroup/cpu.max", "50000 100000\n");

        Assert.Equal(0.5, CpuQuota.Read(new CgroupFiles(root.Path)));
    }

    [Fact]
    public void The_mounts_own_root_is_not_part_of_the_path_below_it()
    {
        using TemporaryFolder root = Tree(
                "30 23 0:26 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n", "1:cpu:/docker/abc/worker\n")
            .With("/sys/fs/cgroup/cpu/worker/cpu.cfs_quota_us", "200000\n")
            .With("/sys/fs/cgroup/cpu/worker/cpu.cfs_period_us", "100000\n");

        Assert.Equal(2, CpuQuota.Read(new CgroupFiles(root.Path)));
    }

    [Fact]
    public void Without_cgroups_there_is_no_quota_and_the_machines_memory_counts()
    {
        using TemporaryFolder root = new TemporaryFolder().With("/proc/meminfo", "MemAvailable: 4000 kB\n");
        var files = new CgroupFiles(root.Path);

        Assert.Null(CpuQuota.Read(files));
        Assert.Equal(4000 * 1024, AvailableMemory.Read(files).Bytes);
    }

    [Fact]
    public void A_cgroup_that_leaves_more_than_the_machine_has_does_not_count()
    {
        using TemporaryFolder root = Tree(Version2, "0::/\n")
            .With("/proc/meminfo", "MemAvailable: 1 kB\n")
            .With("/sys/fs/cgroup/memory.max", "100000\n")
            .With("/sys/fs/cgroup/memory.current", "0\n");

        Assert.Equal(new AvailableMemory(1024, "MemAvailable of /proc/meminfo"), AvailableMemory.Read(new(root.Path)));
    }

    private static TemporaryFolder Tree(string mounts, string cgroup) => new TemporaryFolder()
        .With("/proc/self/mountinfo", mounts)
        .With("/proc/self/cgroup", cgroup);

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
        IReadOnlyList<CgroupMount> mounts = CgroupMount.ParseAll(Hybrid);

        Assert.Equal(
            ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/unified"], mounts.Select(m => m.Directory));
        Assert.Equal([false, false, true], mounts.Select(m => m.IsVersion2));
        Assert.Contains("cpu", mounts[0].Controllers);
        Assert.Equal("/docker/abc", mounts[1].Root);
    }

    [Theory]
    [InlineData(null, "/user.slice/session:1")]
    [InlineData("cpu", "/build")]
    [InlineData("cpuacct", "/build")]
    [InlineData("memory", "/")]
    [InlineData("pids", null)]
    public void The_path_is_that_of_the_controllers_line(string? controller, string? path) => Assert.Equal(
        path, CgroupPath.Find("4:memory:/\n3:cpu,cpuacct:/build\n0::/user.slice/session:1\n", controller));
}
