using System.Diagnostics;
using System.Globalization;

namespace Observatory.Kernel.Tests;

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
        // unshare stays outside with one child, which is process 1 of the new namespace; killed along with it.
        var outside = Process.Start("unshare", ["--pid", "--fork", "--kill-child", "sleep", "600"]);
        return new NamespacedProcess(outside, await ChildOf(outside.Id));
    }

    public async ValueTask DisposeAsync()
    {
        _outside.Kill();
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
