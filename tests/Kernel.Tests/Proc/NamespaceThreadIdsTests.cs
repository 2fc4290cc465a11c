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
        Assert.Equal(WaitingThread.CurrentId, ids[WaitingThread.CurrentId]);
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
