using Observatory.Tests.Shared;
using System.Diagnostics;
using System.Globalization;

namespace Observatory.Kernel.Tests;

public sealed class NamespaceThreadIdsTests
{
    [Theory]
    [InlineData("Name:\tx\nNSpid:\t4711\nThreads:\t1\n", 4711, 4711)]
    [InlineData("NSpid:\t4711\t5\n", 5, 4711)]
    [InlineData("NStgid:\t1\t2\t3\nNSpid:\t4711\t52\t5", 5, 4711)]
    public void The_first_id_is_ours_and_the_last_its_own(string status, int own, int ours)
    {
        Assert.True(NamespaceThreadIds.TryParse(status, out int ownId, out int ourId));
        Assert.Equal((own, ours), (ownId, ourId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("NSpid:\n")]
    [InlineData("NSpid:\tmany\n")]
    [InlineData("NSpid:\t4711\tmany\n")]
    [InlineData("Pid:\t4711\n")]
    public void Other_text_is_refused(string status) =>
        Assert.False(NamespaceThreadIds.TryParse(status, out _, out _));

    [Fact]
    public void In_our_own_namespace_ids_are_their_own()
    {
        IReadOnlyDictionary<int, int> ids = NamespaceThreadIds.Read(Environment.ProcessId);
        Assert.Equal(CallingThread.Id, ids[CallingThread.Id]);
        Assert.Empty(NamespaceThreadIds.Read(int.MaxValue));
    }

    [Fact]
    public async Task The_first_process_of_a_namespace_calls_itself_1()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs root, to make a pid namespace.");
        await using NamespacedProcess target = await NamespacedProcess.StartAsync();
        Assert.Equal([new(1, target.Inside)], NamespaceThreadIds.Read(target.Inside));
    }
}

public sealed class TimeNamespaceTests
{
    [Theory]
    [InlineData("monotonic           0         0\nboottime            0         0\n", 0L)]
    [InlineData("monotonic          86400   500000000\nboottime 1 0\n", 86_400_500_000_000L)]
    [InlineData("monotonic            -10         0\n", -10_000_000_000L)]
    [InlineData("boottime 1 0\n", null)]
    [InlineData("monotonic 1\n", null)]
    public void The_offset_of_the_monotonic_clock(string text, long? nanoseconds) =>
        Assert.Equal(nanoseconds, TimeNamespace.ParseOffset(text));

    [Fact]
    public void The_offset_of_children_is_not_the_process_s_own()
    {
        using var root = new TemporaryFolder();
        Write(root.Path, own: "time:[2]", children: "time:[2]");
        Assert.Equal(5_000_000_000, TimeNamespace.ReadMonotonicOffset(1, root.Path));
        Assert.Equal(-7_000_000_000, TimeNamespace.ReadBootTimeOffset(1, root.Path));
        Write(root.Path, own: "time:[1]", children: "time:[2]");
        Assert.Null(TimeNamespace.ReadMonotonicOffset(1, root.Path));
    }

    private static void Write(string root, string own, string children)
    {
        string namespaces = Directory.CreateDirectory(Path.Combine(root, "1", "ns")).FullName;
        Link(Path.Combine(namespaces, "time"), own);
        Link(Path.Combine(namespaces, "time_for_children"), children);
        File.WriteAllText(Path.Combine(root, "1", "timens_offsets"), "monotonic 5 0\nboottime -7 0\n");
    }

    private static void Link(string path, string target)
    {
        File.Delete(path);
        File.CreateSymbolicLink(path, target);
    }
}

public sealed class PidNamespaceTests
{
    [Fact]
    public void We_share_our_own() => Assert.True(PidNamespace.IsShared(Environment.ProcessId));

    [Fact]
    public async Task A_process_in_a_namespace_of_its_own_does_not_share_ours()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs root, to make a pid namespace.");
        await using NamespacedProcess target = await NamespacedProcess.StartAsync();
        Assert.False(PidNamespace.IsShared(target.Inside));
        Assert.True(PidNamespace.IsShared(target.Outside));
    }
}

/// <summary>A process that is number 1 of a pid namespace of its own. Needs root.</summary>
internal sealed class NamespacedProcess : IAsyncDisposable
{
    private readonly Process _outside;

    private NamespacedProcess(Process outside, int inside)
    {
        _outside = outside;
        Inside = inside;
    }

    /// <summary>Its id in our namespace.</summary>
    public int Inside { get; }

    /// <summary>Its parent, outside.</summary>
    public int Outside => _outside.Id;

    public static async Task<NamespacedProcess> StartAsync()
    {
        // unshare stays outside with one child, which is process 1 of the new namespace. Without our output: whoever reads
        // that waits until the last process that has it is gone.
        var start = new ProcessStartInfo("unshare", ["--pid", "--fork", "--kill-child", "sleep", "600"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process outside = Process.Start(start)!;
        return new NamespacedProcess(outside, await ChildOf(outside.Id));
    }

    public async ValueTask DisposeAsync()
    {
        // The child first, and unshare ends with it: one that was told of a parent's end too late would outlive it.
        using (var child = Process.GetProcessById(Inside)) child.Kill();
        await _outside.WaitForExitAsync(CancellationToken.None);
        _outside.Dispose();
    }

    private static async Task<int> ChildOf(int process)
    {
        for (int tries = 0; tries < 1000; tries++)
        {
            string children = await File.ReadAllTextAsync($"/proc/{process}/task/{process}/children");
            if (children.Length > 0) return int.Parse(children.Split(' ')[0], CultureInfo.InvariantCulture);
            await Task.Delay(50);
        }

        throw new TimeoutException($"Process {process} has no child.");
    }
}
