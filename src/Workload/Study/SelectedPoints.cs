using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>The points of a study that fit into memory, and those that do not, with the reason.</summary>
internal sealed record SelectedPoints(
    IReadOnlyList<StudyPoint> Points, IReadOnlyList<(StudyPoint Point, string Reason)> LeftOut)
{
    /// <summary>
    /// A preset is made for all machines and does what it can on this one; sizes that a user named are meant as they are.
    /// </summary>
    /// <exception cref="UsageException">What was asked for does not fit, or nothing does.</exception>
    public static SelectedPoints Of(IReadOnlyList<StudyPoint> points, MemoryLimit available, bool preset)
    {
        if (!preset || points.All(point => MemoryCheck.Problem(point, available) is not null))
        {
            MemoryCheck.Require(points, available);
        }

        return new SelectedPoints(
            [.. points.Where(point => MemoryCheck.Problem(point, available) is null)],
            [
                .. from point in points
                   let problem = MemoryCheck.Problem(point, available)
                   where problem is not null
                   select (point, problem),
            ]);
    }
}
