namespace Observatory.Kernel;

/// <summary>Finds the directory of a process's control group that has a controller; cgroups(7).</summary>
internal static class CgroupPath
{
    /// <summary>Parses /proc/PID/cgroup, lines of <c>ID:CONTROLLERS:PATH</c>; version 2 is <c>0::PATH</c>.</summary>
    /// <returns>The group's path for a version 1 controller, or of version 2; null without.</returns>
    public static string? Find(ReadOnlySpan<char> cgroup, string? controller)
    {
        foreach (ReadOnlySpan<char> line in cgroup.EnumerateLines())
        {
            int first = line.IndexOf(':');
            int second = first < 0 ? -1 : first + 1 + line[(first + 1)..].IndexOf(':');
            if (second <= first) continue;
            ReadOnlySpan<char> controllers = line[(first + 1)..second];
            bool isWanted = controller is null ? controllers.IsEmpty : IsAmong(controllers, controller);
            if (isWanted) return line[(second + 1)..].ToString();
        }

        return null;
    }

    /// <summary>The directories where a group may be seen.</summary>
    /// <param name="mount">Where the hierarchy is mounted.</param>
    /// <param name="path">The group's path, as /proc names it.</param>
    /// <param name="isOurs">
    /// We are in the same group: a container may see it at the mount itself while /proc names it as it is outside.
    /// </param>
    public static string[] Candidates(string mount, string path, bool isOurs)
    {
        // Above the root of our cgroup namespace: what the mount shows there would be another group.
        if (path.StartsWith("/..", StringComparison.Ordinal)) return [];
        if (path is "/") return [mount];
        return isOurs ? [$"{mount}{path}", mount] : [$"{mount}{path}"];
    }

    private static bool IsAmong(ReadOnlySpan<char> list, string name)
    {
        foreach (Range part in list.Split(','))
        {
            if (list[part].SequenceEqual(name)) return true;
        }

        return false;
    }
}
