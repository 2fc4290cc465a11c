namespace Observatory.EndToEnd.Tests;

/// <summary>
/// A process that a control group has frozen, as a container that is paused is, until this is disposed: it stands still without a
/// signal, and what it is sent waits.
/// </summary>
internal sealed class FrozenProcess : IAsyncDisposable
{
    private const string First = "/sys/fs/cgroup/freezer";
    private readonly string _group;
    private readonly string _parent;

    private FrozenProcess(string parent) => (_parent, _group) = (parent, Path.Combine(parent, $"observatory-{Guid.NewGuid():N}"));

    private bool IsFirst => _parent == First;

    /// <summary>Skips the test where no such group can be made.</summary>
    public static void Needed()
    {
        try
        {
            string probe = Directory.CreateDirectory(Path.Combine(Parent(), $"observatory-{Guid.NewGuid():N}")).FullName;
            Directory.Delete(probe);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Assert.Skip($"Needs control groups that may be written: {refused.Message}");
        }
    }

    /// <summary>Freezes a process; when it returns, all of its threads stand still.</summary>
    public static async Task<FrozenProcess> FreezeAsync(RunningProcess process)
    {
        var frozen = new FrozenProcess(Parent());
        Directory.CreateDirectory(frozen._group);
        await File.WriteAllTextAsync(Path.Combine(frozen._group, "cgroup.procs"), $"{process.Id}");
        await frozen.SetAsync(isFrozen: true);
        await Eventually.TrueAsync("the process to stand still", () => frozen.IsFrozen);
        return frozen;
    }

    private bool IsFrozen => IsFirst
        ? File.ReadAllText(Path.Combine(_group, "freezer.state")).Trim() == "FROZEN"
        : File.ReadAllText(Path.Combine(_group, "cgroup.events")).Contains("frozen 1", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await SetAsync(isFrozen: false);
        foreach (string process in await File.ReadAllLinesAsync(Path.Combine(_group, "cgroup.procs")))
            await File.WriteAllTextAsync(Path.Combine(_parent, "cgroup.procs"), process);
        Directory.Delete(_group);
    }

    // Both versions may be mounted, and the first one's freezer is then a controller that the second does not have.
    private static string Parent() => new[] { First, "/sys/fs/cgroup/unified", "/sys/fs/cgroup" }
        .First(folder => File.Exists(Path.Combine(folder, "cgroup.procs")) || folder == "/sys/fs/cgroup");

    private Task SetAsync(bool isFrozen) => IsFirst
        ? File.WriteAllTextAsync(Path.Combine(_group, "freezer.state"), isFrozen ? "FROZEN" : "THAWED")
        : File.WriteAllTextAsync(Path.Combine(_group, "cgroup.freeze"), isFrozen ? "1" : "0");
}
