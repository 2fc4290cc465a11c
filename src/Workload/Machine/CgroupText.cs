namespace Observatory.Workload;

/// <summary>Reads <c>/proc/self/mountinfo</c> and <c>/proc/self/cgroup</c>; see proc(5) and cgroups(7).</summary>
internal static class CgroupText
{
    /// <summary>The cgroup hierarchies among the mounts, of both versions.</summary>
    public static IReadOnlyList<CgroupMount> Mounts(string mountInfo) =>
        [.. mountInfo.Split('\n').Select(Mount).OfType<CgroupMount>()];

    /// <summary>The process's cgroup in the hierarchy of a controller; null when it is in none.</summary>
    /// <param name="cgroup">
    /// Lines of the form <c>id:controller,controller:path</c>; version 2 is <c>0::path</c>.
    /// </param>
    /// <param name="controller">A controller of version 1; empty for version 2.</param>
    public static string? Path(string cgroup, string controller) => cgroup
        .Split('\n')
        .Select(line => line.Split(':', 3))
        .Where(fields => fields.Length == 3 && fields[1].Split(',').Contains(controller))
        .Select(fields => fields[2])
        .FirstOrDefault();

    /// <summary>Fields 4 and 5 are root and mount point; type, source and options follow a lone dash.</summary>
    private static CgroupMount? Mount(string line)
    {
        string[] fields = line.Split(' ');
        int dash = Array.IndexOf(fields, "-");
        if (dash < 6 || fields.Length < dash + 4) return null;
        return fields[dash + 1] switch
        {
            "cgroup2" => new CgroupMount([], fields[3], fields[4]),
            "cgroup" => new CgroupMount(fields[dash + 3].Split(','), fields[3], fields[4]),
            _ => null,
        };
    }
}
