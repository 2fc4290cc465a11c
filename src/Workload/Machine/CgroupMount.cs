namespace Observatory.Workload;

/// <summary>Where a cgroup hierarchy is mounted.</summary>
/// <param name="Controllers">Names of a version 1 hierarchy's controllers; empty for version 2.</param>
/// <param name="Root">The cgroup that is visible at the mount point: not <c>/</c> in many containers.</param>
/// <param name="Directory">The mount point.</param>
internal sealed record CgroupMount(IReadOnlyList<string> Controllers, string Root, string Directory)
{
    public bool IsVersion2 => Controllers.Count == 0;
}
