using System.Diagnostics;
using System.Globalization;

namespace Observatory.Kernel.Tests.Proc;

public sealed class PidNamespaceTests
{
    [Fact]
    public void We_share_our_own() => Assert.True(PidNamespace.IsShared(Environment.ProcessId));

    [Fact]
    public async Task A_process_in_a_namespace_of_its_own_does_not_share_ours()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs root, to make a pid namespace.");
        // unshare stays outside with one child, which is process 1 of the new namespace; killed along with it.
        using var outside = Process.Start("unshare", ["--pid", "--fork", "--kill-child", "sleep", "600"]);
        try
        {
            int inside = await ChildOf(outside.Id);
            Assert.False(PidNamespace.IsShared(inside));
            Assert.True(PidNamespace.IsShared(outside.Id));
        }
        finally
        {
            outside.Kill();
            await outside.WaitForExitAsync(CancellationToken.None);
        }
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
