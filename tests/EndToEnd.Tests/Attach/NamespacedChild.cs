using System.Globalization;

namespace Observatory.EndToEnd.Tests;

/// <summary>
/// What unshare(1) has started. A test lets it end by itself: unshare takes no notice of SIGTERM while its child runs, and
/// is killed, its child with it, only when the grace is over.
/// </summary>
internal static class NamespacedChild
{
    /// <summary>Its process id out here, once it is there.</summary>
    public static async Task<int> OfAsync(RunningProcess unshare)
    {
        string child = await Eventually.GetAsync(
            "the child",
            () => Task.FromResult(File.ReadAllText($"/proc/{unshare.Id}/task/{unshare.Id}/children").Trim()),
            found => found.Length > 0);
        return int.Parse(child, CultureInfo.InvariantCulture);
    }
}
