namespace Observatory.Kernel.Tests;

public sealed class RealTimeBudgetTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("budget").FullName;

    [Theory]
    [InlineData("1:cpu:/app\n", "cpu/app", "0\n", true)]
    [InlineData("1:cpu,cpuacct:/docker/01\n", "cpu,cpuacct", "0\n", true)]
    [InlineData("1:cpu:/app\n", "cpu/app", "950000\n", false)]
    [InlineData("0::/app\n", "cpu/app", "0\n", false)]
    public void A_group_without_a_budget_is_named(string cgroup, string directory, string runtime, bool isEmpty)
    {
        Write("proc/thread-self/cgroup", cgroup);
        string controllers = directory.Split('/')[0];
        Write("proc/self/mountinfo", $"32 31 0:29 / /cgroup/{controllers} rw - cgroup x rw,{controllers}\n");
        string file = Write($"cgroup/{directory}/cpu.rt_runtime_us", runtime);
        Assert.Equal(isEmpty ? file : null, RealTimeBudget.FindEmpty(new CgroupFiles(_root)));
    }

    [Fact]
    public void What_cannot_be_seen_is_not_blamed() =>
        Assert.Null(RealTimeBudget.FindEmpty(new CgroupFiles(_root)));

    [Fact]
    public void A_thread_in_a_new_group_is_told_why_it_is_refused()
    {
        const string Parent = "/sys/fs/cgroup/cpu";
        if (!Environment.IsPrivilegedProcess || !File.Exists($"{Parent}/cpu.rt_runtime_us"))
            Assert.Skip("needs root, and cgroup version 1 with CONFIG_RT_GROUP_SCHED");
        DirectoryInfo group = ControlGroups.Create(Parent);
        try
        {
            string reason = "";
            Thread thread = new(() =>
            {
                File.WriteAllText($"{group.FullName}/tasks", $"{CallingThread.Id}");
                Assert.False(RealTimePriority.TrySetForCallingThread(1, out reason));
            });
            thread.Start();
            thread.Join();
            Assert.Contains($"{group.FullName}/cpu.rt_runtime_us is 0", reason, StringComparison.Ordinal);
        }
        finally
        {
            ControlGroups.Remove(group);
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Write(string path, string text)
    {
        string full = $"{_root}/{path}";
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }
}
