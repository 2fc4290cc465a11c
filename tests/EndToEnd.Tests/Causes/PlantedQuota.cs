namespace Observatory.EndToEnd.Tests;

/// <summary>A control group with a quota, a group without one in it, and a process in the inner one. Gone, empty, when disposed.</summary>
internal sealed class PlantedQuota : IAsyncDisposable
{
    private static readonly string Root = Directory.Exists("/sys/fs/cgroup/cpu") ? "/sys/fs/cgroup/cpu" : "/sys/fs/cgroup";
    private readonly string _outer = $"{Root}/observatory-test-{Guid.NewGuid():N}";

    private string Inner => $"{_outer}/inner";

    /// <summary>Holds a process to a fifth of a CPU; null where this machine does not let groups be made.</summary>
    public static PlantedQuota? TryPlant(int process)
    {
        var quota = new PlantedQuota();
        try
        {
            Directory.CreateDirectory(quota._outer);
            if (File.Exists($"{quota._outer}/cpu.cfs_quota_us"))
            {
                File.WriteAllText($"{quota._outer}/cpu.cfs_period_us", "100000");
                File.WriteAllText($"{quota._outer}/cpu.cfs_quota_us", "20000");
            }
            else
            {
                File.WriteAllText($"{quota._outer}/cpu.max", "20000 100000");
            }

            Directory.CreateDirectory(quota.Inner);
            File.WriteAllText($"{quota.Inner}/cgroup.procs", $"{process}");
            return quota;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            foreach (string made in (string[])[quota.Inner, quota._outer])
            {
                if (Directory.Exists(made)) Directory.Delete(made);
            }

            return null;
        }
    }

    /// <summary>Takes the groups away, once their process is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await Eventually.TrueAsync("the group to be empty", () => File.ReadAllText($"{Inner}/cgroup.procs").Length == 0);
        Directory.Delete(Inner);
        Directory.Delete(_outer);
    }
}
