namespace Observatory.Workload;

/// <summary>
/// The threads that compute: the driving thread and those libtorch made from it. A new thread inherits the name of the
/// one that makes it, and that is how they are found.
/// </summary>
internal static class TeamThreads
{
    private const string Tasks = "/proc/self/task";

    /// <summary>Folders of <c>/proc</c>, one for each thread with the name; none when they cannot be listed.</summary>
    public static IReadOnlyList<string> Folders(string name)
    {
        try
        {
            return [.. Directory.GetDirectories(Tasks).Where(folder => Name(folder) == name)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? Name(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "comm")).TrimEnd('\n');
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
