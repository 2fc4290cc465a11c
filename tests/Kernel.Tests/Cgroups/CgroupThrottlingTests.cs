using System.Diagnostics;

namespace Observatory.Kernel.Tests;

public sealed class CgroupThrottlingTests : IDisposable
{
    private const string VersionTwo = """
        usage_usec 5000000
        user_usec 4000000
        system_usec 1000000
        nr_periods 120
        nr_throttled 30
        throttled_usec 2500000
        nr_bursts 0
        burst_usec 0
        """;

    private const string VersionOne = "nr_periods 120\nnr_throttled 30\nthrottled_time 2500000000\n";

    private static readonly CgroupThrottlingCounts Expected = new(120, 30, 2_500_000_000);

    private readonly string _root = Directory.CreateTempSubdirectory("cgroup").FullName;

    [Theory]
    [InlineData(VersionTwo)]
    [InlineData(VersionOne)]
    public void Both_versions_say_the_same(string text)
    {
        Assert.True(CgroupThrottling.TryParse(text, out CgroupThrottlingCounts counts));
        Assert.Equal(Expected, counts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("usage_usec 5000000\nuser_usec 4000000\nsystem_usec 1000000\n")]
    [InlineData("nr_periods 1\nnr_throttled many\nthrottled_time 1\n")]
    public void Without_the_controller_there_is_nothing(string text) =>
        Assert.False(CgroupThrottling.TryParse(text, out _));

    [Theory]
    [InlineData("0::/app\n", "/ /cgroup - cgroup2 x rw", "app")]
    [InlineData("1:name=systemd:/\n0::/app\n", "/ /cgroup/unified - cgroup2 x rw", "unified/app")]
    [InlineData("9:name=systemd:/\n4:cpu,cpuacct:/app\n0::/x\n", "/ /cgroup/cpu,cpuacct - cgroup x rw,cpu,cpuacct", "cpu,cpuacct/app")]
    [InlineData("2:cpuacct:/x\n1:cpu:/app\n0::/\n", "/ /cgroup/cpu - cgroup x rw,cpu", "cpu/app")]
    [InlineData("1:cpu:/docker/0123\n", "/ /cgroup/cpu - cgroup x rw,cpu", "cpu")]
    [InlineData("1:cpu:/docker/0123/app\n", "/docker/0123 /cgroup/cpu - cgroup x rw,cpu", "cpu/app")]
    public void The_group_of_the_process_is_found(string cgroup, string mount, string directory)
    {
        Mount(mount);
        Write("proc/7/cgroup", cgroup);
        Write("proc/self/cgroup", cgroup);
        Write($"cgroup/{directory}/cpu.stat", cgroup.Contains("0::/app", StringComparison.Ordinal) ? VersionTwo : VersionOne);
        Assert.True(CgroupThrottling.TryRead(7, out CgroupThrottlingCounts counts, new CgroupFiles(_root)));
        Assert.Equal(Expected, counts);
    }

    [Theory]
    [InlineData("nonsense\n")]
    [InlineData("0::/elsewhere\n")]
    [InlineData("0::/../outside\n")]
    public void A_group_that_cannot_be_seen_has_no_counts(string cgroup)
    {
        Mount("/ /cgroup - cgroup2 x rw");
        Write("proc/7/cgroup", cgroup);
        Write("proc/self/cgroup", "0::/\n");
        Write("cgroup/cpu.stat", VersionTwo);
        Assert.False(CgroupThrottling.TryRead(7, out _, new CgroupFiles(_root)));
        Assert.False(CgroupThrottling.TryRead(8, out _, new CgroupFiles(_root)));
    }

    [Fact]
    public void A_process_above_its_quota_is_held_back()
    {
        const string Parent = "/sys/fs/cgroup/cpu";
        if (!Environment.IsPrivilegedProcess || !File.Exists($"{Parent}/cpu.cfs_quota_us"))
            Assert.Skip("needs root and the cpu controller of cgroup version 1");
        DirectoryInfo group = ControlGroups.Create(Parent);
        using Process busy = Process.Start("sh", ["-c", "while :; do :; done"]);
        try
        {
            File.WriteAllText($"{group.FullName}/cpu.cfs_quota_us", "10000");
            File.WriteAllText($"{group.FullName}/cgroup.procs", $"{busy.Id}");
            CgroupThrottlingCounts counts = default;
            Assert.True(SpinWait.SpinUntil(
                () => CgroupThrottling.TryRead(busy.Id, out counts) && counts.ThrottledPeriods > 2, RealKernel.Limit));
            Assert.InRange(counts.Periods, counts.ThrottledPeriods, 1_000);
            Assert.InRange(counts.ThrottledNanoseconds, 10_000_000, 60_000_000_000);
        }
        finally
        {
            busy.Kill();
            busy.WaitForExit();
            ControlGroups.Remove(group);
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <param name="mount">Root, mount point, and what follows in a line of mountinfo.</param>
    private void Mount(string mount)
    {
        string[] parts = mount.Split(" - ");
        Write("proc/self/mountinfo", $"32 31 0:29 {parts[0]} rw - {parts[1]}\n");
    }

    private void Write(string path, string text)
    {
        string full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
