using Observatory.Tests.Shared;

namespace Observatory.Kernel.Tests;

/// <summary>
/// Which groups around a process have a quota, and how long each has been held back, from trees of files as kernels lay them out. The text
/// of cpu.stat is that of Linux 6.12.
/// </summary>
public sealed class CpuBandwidthTests
{
    private const string Unified = "30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n";
    private const string Slice = "/sys/fs/cgroup/kubepods.slice/kubepods-burstable.slice";
    private const string Pod = $"{Slice}/kubepods-burstable-pod1.slice";
    private const string Container = $"{Pod}/cri-containerd-0123.scope";
    private const string Path = "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-0123.scope\n";

    [Fact]
    public void Of_version_2_every_group_on_the_way_up_may_hold_it_back()
    {
        using TemporaryFolder root = Kubernetes();
        IReadOnlyList<CpuBandwidth> groups = CpuBandwidth.Read(7, new CgroupFiles(root.Path));
        Assert.Equal([0.5, 2], groups.Select(group => group.Cpus));
        Assert.Equal([1_500_000_000, 250_000_000], groups.Select(Throttled));
    }

    [Fact]
    public void What_the_kernel_books_later_is_read_again()
    {
        using TemporaryFolder root = Kubernetes();
        CpuBandwidth pod = CpuBandwidth.Read(7, new CgroupFiles(root.Path))[1];
        root.With($"{Pod}/cpu.stat", Stat(throttledMicroseconds: 330_000));
        Assert.Equal(330_000_000, Throttled(pod));
        Directory.Delete(root.Path + Pod, recursive: true);
        Assert.Null(Throttled(pod));
    }

    [Fact]
    public void A_quota_of_a_group_above_alone_is_found()
    {
        using TemporaryFolder root = Kubernetes().With($"{Container}/cpu.max", "max 100000\n").With($"{Pod}/cpu.max", "20000 100000\n");
        CpuBandwidth only = Assert.Single(CpuBandwidth.Read(7, new CgroupFiles(root.Path)));
        Assert.Equal((0.2, 250_000_000L), (only.Cpus, Throttled(only)));
    }

    [Fact]
    public void Inside_a_container_its_own_group_is_the_mount()
    {
        using TemporaryFolder root = new TemporaryFolder()
            .With("/proc/self/mountinfo", Unified).With("/proc/self/cgroup", "0::/\n").With("/proc/7/cgroup", "0::/\n")
            .With("/sys/fs/cgroup/cpu.max", "150000 100000\n").With("/sys/fs/cgroup/cpu.stat", Stat(throttledMicroseconds: 40));
        CpuBandwidth only = Assert.Single(CpuBandwidth.Read(7, new CgroupFiles(root.Path)));
        Assert.Equal((1.5, 40_000L), (only.Cpus, Throttled(only)));
    }

    [Fact]
    public void A_group_without_the_controller_has_statistics_but_no_quota()
    {
        // Of the root, and of groups whose parent does not pass the controller on.
        using TemporaryFolder root = new TemporaryFolder()
            .With("/proc/self/mountinfo", Unified).With("/proc/self/cgroup", "0::/\n").With("/proc/7/cgroup", "0::/user.slice\n")
            .With("/sys/fs/cgroup/user.slice/cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\nnice_usec 0\ncore_sched.force_idle_usec 0\n");
        Assert.Empty(CpuBandwidth.Read(7, new CgroupFiles(root.Path)));
    }

    [Fact]
    public void Where_both_versions_are_mounted_the_one_that_has_the_controller_counts()
    {
        using TemporaryFolder root = new TemporaryFolder()
            .With("/proc/self/mountinfo",
                "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n")
            .With("/proc/self/cgroup", "3:cpu,cpuacct:/\n0::/\n").With("/proc/7/cgroup", "3:cpu,cpuacct:/build\n0::/app.scope\n")
            .With("/sys/fs/cgroup/unified/app.scope/cpu.max", "10000 100000\n")
            .With("/sys/fs/cgroup/cpu,cpuacct/build/cpu.cfs_quota_us", "70000\n")
            .With("/sys/fs/cgroup/cpu,cpuacct/build/cpu.cfs_period_us", "100000\n")
            .With("/sys/fs/cgroup/cpu,cpuacct/build/cpu.stat", "nr_periods 9\nnr_throttled 4\nthrottled_time 123456\nnr_bursts 0\nburst_time 0\n");
        CpuBandwidth only = Assert.Single(CpuBandwidth.Read(7, new CgroupFiles(root.Path)));
        Assert.Equal((0.7, 123_456L), (only.Cpus, Throttled(only)));
    }

    private static long? Throttled(CpuBandwidth group)
    {
        using CounterFile? counts = group.OpenCounts();
        return counts is null ? null : CgroupThrottling.ReadThrottled(counts);
    }

    private static TemporaryFolder Kubernetes() => new TemporaryFolder()
        .With("/proc/self/mountinfo", Unified)
        .With("/proc/self/cgroup", "0::/system.slice/collector.service\n")
        .With("/proc/7/cgroup", Path)
        .With($"{Container}/cpu.max", "50000 100000\n")
        .With($"{Container}/cpu.stat", Stat(throttledMicroseconds: 1_500_000))
        .With($"{Pod}/cpu.max", "200000 100000\n")
        .With($"{Pod}/cpu.stat", Stat(throttledMicroseconds: 250_000))
        .With($"{Slice}/cpu.max", "max 100000\n")
        .With($"{Slice}/cpu.stat", Stat(throttledMicroseconds: 0));

    private static string Stat(long throttledMicroseconds) =>
        $"""
        usage_usec 52310447
        user_usec 48133020
        system_usec 4177427
        nice_usec 0
        core_sched.force_idle_usec 0
        nr_periods 1201
        nr_throttled 417
        throttled_usec {throttledMicroseconds}
        nr_bursts 0
        burst_usec 0

        """;
}
