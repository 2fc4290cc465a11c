using Observatory.Kernel;
using System.Globalization;
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
    public static SelectedPoints Select(IReadOnlyList<StudyPoint> points, AvailableMemory available, bool preset)
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

/// <summary>Finds what the machine cannot hold, before the kernel ends the process without a word.</summary>
/// <remarks>One configuration is in memory at a time, so each is judged by itself.</remarks>
internal static class MemoryCheck
{
    /// <summary>For libtorch, the runtime and the blocks an allocator keeps: 256 MiB on top of the tensors.</summary>
    public const long Headroom = 256L << 20;

    /// <summary>Refuses a study as a whole: sizes that were asked for one by one are not left out in silence.</summary>
    /// <exception cref="UsageException">The largest point needs more than there is.</exception>
    public static void Require(IReadOnlyList<StudyPoint> points, AvailableMemory available)
    {
        StudyPoint largest = points.MaxBy(point => point.PeakBytes);
        if (Problem(largest, available) is not { } problem) return;
        throw new UsageException($"{largest} {problem}; choose smaller --batches, --sequences or --dims.");
    }

    /// <summary>Why the point cannot be measured; null when it can.</summary>
    public static string? Problem(StudyPoint point, AvailableMemory available)
    {
        Int128 needed = point.PeakBytes + Headroom;
        return needed <= available.Bytes
            ? null
            : $"needs {Text(needed)} (tensors {Text(point.PeakBytes)}, headroom {Text(Headroom)}), "
            + $"and {Text(available.Bytes)} are available ({available.Source})";
    }

    private static string Text(Int128 bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / (1L << 30):0.0} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / (1L << 20):0} MiB");
}
