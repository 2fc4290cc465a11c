namespace Observatory.Kernel;

/// <summary>
/// Where the files of control groups are, of this process and of others, and other files of the system, below a root that tests
/// can redirect.
/// </summary>
/// <param name="root">Normally <c>/</c>.</param>
/// <remarks>cgroups(7); Documentation/admin-guide/cgroup-v2.rst.</remarks>
public sealed class CgroupFiles(string root)
{
    private const string CallingThread = "thread-self";

    /// <summary>The running system.</summary>
    public static readonly CgroupFiles Machine = new("/");

    /// <summary>
    /// Directories of this process's group and of all above it, innermost first: a limit anywhere on the way counts.
    /// </summary>
    /// <param name="controller">A controller of version 1; null for version 2.</param>
    public IReadOnlyList<string> Directories(string? controller)
    {
        string? path = CgroupPath.Find(Read("proc/self/cgroup") ?? "", controller);
        CgroupMount? mount = Mounts(controller).FirstOrDefault();
        return path is null || mount is null ? [] : Walk(mount.NamesBelow(path) ?? [], TopOf(mount));
    }

    /// <summary>The same of any process, of the version that has the controller for it.</summary>
    /// <returns>Nothing when the process is gone, or its group cannot be seen from here.</returns>
    public IReadOnlyList<string> DirectoriesOf(int process, string controller) => DirectoriesOf($"{process}", controller);

    /// <summary>The same of the calling thread, whose group may be another than its process's.</summary>
    public IReadOnlyList<string> DirectoriesOfCallingThread(string controller) => DirectoriesOf(CallingThread, controller);

    private List<string> DirectoriesOf(string folder, string controller)
    {
        if (Read($"proc/{folder}/cgroup") is not { } groups) return [];
        string? version1 = CgroupPath.Find(groups, controller) is null ? null : controller;
        if (CgroupPath.Find(groups, version1) is not { } path) return [];
        // A container may see its own group at the mount itself while /proc names it as it is outside.
        bool isOurs = folder == CallingThread || path == CgroupPath.Find(Read("proc/self/cgroup") ?? "", version1);
        foreach (CgroupMount mount in Mounts(version1))
        {
            string top = TopOf(mount);
            if (mount.NamesBelow(path) is { } names && Walk(names, top) is var found && Directory.Exists(found[0])) return found;
            if (isOurs && Directory.Exists(top)) return [top];
        }

        return [];
    }

    /// <summary>
    /// What a file says in each of the groups around the process, of both versions: a machine may mount both, and a
    /// controller belongs to one of them.
    /// </summary>
    /// <param name="controller">Its name in version 1.</param>
    /// <param name="version2">Reads a directory of version 2.</param>
    /// <param name="version1">Reads a directory of version 1.</param>
    public IEnumerable<T> ReadGroups<T>(string controller, Func<string, T> version2, Func<string, T> version1) =>
        Directories(controller: null).Select(version2).Concat(Directories(controller).Select(version1));

    /// <summary>Text of a file below the root; null when it cannot be read.</summary>
    public string? Read(string path) => Read(root, path);

    /// <summary>Text of a file; null when it cannot be read, which is how an absent controller looks.</summary>
    public static string? Read(string directory, string file) =>
        KernelText.TryRead(Path.Combine(directory, file), out string text) ? text : null;

    private IEnumerable<CgroupMount> Mounts(string? controller) => CgroupMount.ParseAll(Read("proc/self/mountinfo") ?? "").Where(
        mount => controller is null ? mount.IsVersion2 : mount.Controllers.Contains(controller));

    private string TopOf(CgroupMount mount) => Path.Combine(root, mount.Directory.TrimStart('/'));

    private static List<string> Walk(string[] names, string top) =>
        [.. Enumerable.Range(0, names.Length + 1).Select(up => Path.Combine([top, .. names[..^up]]))];
}

/// <summary>Where a hierarchy of control groups is mounted.</summary>
/// <param name="Controllers">Names of a version 1 hierarchy's controllers; empty for version 2.</param>
/// <param name="Root">The group that is visible at the mount point: not <c>/</c> in many containers.</param>
/// <param name="Directory">The mount point.</param>
internal sealed record CgroupMount(IReadOnlyList<string> Controllers, string Root, string Directory)
{
    public bool IsVersion2 => Controllers.Count == 0;

    /// <summary>The hierarchies of both versions among the mounts of <c>/proc/self/mountinfo</c>; proc_pid_mountinfo(5).</summary>
    public static IReadOnlyList<CgroupMount> ParseAll(string mountInfo) =>
        [.. mountInfo.Split('\n').Select(Parse).OfType<CgroupMount>()];

    /// <summary>
    /// The names of the directories from the mount point down to a group; null for a group that is not below the mount's root:
    /// it belongs to a namespace that cannot be seen here.
    /// </summary>
    public string[]? NamesBelow(string path)
    {
        string prefix = Root.TrimEnd('/');
        bool isVisible = path == prefix || path.StartsWith(prefix + "/", StringComparison.Ordinal);
        string[] names = isVisible ? path[prefix.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries) : [];
        return isVisible && !names.Contains("..") ? names : null;
    }

    // Fields 4 and 5 are root and mount point; type, source and options follow a lone dash.
    private static CgroupMount? Parse(string line)
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

    private static bool IsAmong(ReadOnlySpan<char> list, string name)
    {
        foreach (Range part in list.Split(','))
        {
            if (list[part].SequenceEqual(name)) return true;
        }

        return false;
    }
}
