namespace Observatory.Kernel.Tests;

/// <summary>Control groups that tests make for themselves.</summary>
internal static class ControlGroups
{
    public static DirectoryInfo Create(string parent) =>
        Directory.CreateDirectory($"{parent}/observatory-{Guid.NewGuid():N}");

    /// <summary>The kernel refuses for a moment after the last process or thread in it has ended.</summary>
    public static void Remove(DirectoryInfo group) =>
        Assert.True(SpinWait.SpinUntil(() => TryRemove(group), RealKernel.Limit));

    private static bool TryRemove(DirectoryInfo group)
    {
        try
        {
            Directory.Delete(group.FullName);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
