namespace Observatory.Kernel.Tests;

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
