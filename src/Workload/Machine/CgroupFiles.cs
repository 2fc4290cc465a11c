namespace Observatory.Workload;

/// <summary>The cgroups of this process, read below a root that tests can redirect.</summary>
/// <param name="root">Normally <c>/</c>.</param>
internal sealed class CgroupFiles(string root)
{
    /// <summary>
    /// Directories of the process's cgroup and of all above it, innermost first: a limit anywhere on the way counts.
    /// </summary>
    /// <param name="controller">A controller of version 1; empty for version 2.</param>
    public IReadOnlyList<string> Directories(string controller)
    {
        string? path = CgroupText.Path(Read("proc/self/cgroup") ?? "", controller);
        CgroupMount? mount = CgroupText.Mounts(Read("proc/self/mountinfo") ?? "").FirstOrDefault(
            mount => controller.Length == 0 ? mount.IsVersion2 : mount.Controllers.Contains(controller));
        return path is null || mount is null
            ? []
            : Walk(Below(mount, path), Path.Combine(root, mount.Directory.TrimStart('/')));
    }

    /// <summary>Text of a file below the root; null when it cannot be read.</summary>
    public string? Read(string path) => Text(root, path);

    /// <summary>Text of a file; null when it cannot be read, which is how an absent controller looks.</summary>
    public static string? Text(string directory, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, file));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// A path that is not below the mount's root belongs to a namespace we do not see: the mount point is then the
    /// innermost directory there is.
    /// </summary>
    private static string[] Below(CgroupMount mount, string path)
    {
        string prefix = mount.Root.TrimEnd('/');
        bool visible = path == prefix || path.StartsWith(prefix + "/", StringComparison.Ordinal);
        string[] names = visible ? path[prefix.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries) : [];
        return names.Contains("..") ? [] : names;
    }

    private static List<string> Walk(string[] names, string top) =>
        [.. Enumerable.Range(0, names.Length + 1).Select(up => Path.Combine([top, .. names[..^up]]))];
}
