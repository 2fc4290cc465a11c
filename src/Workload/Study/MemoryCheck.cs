using System.Globalization;
using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>Finds what the machine cannot hold, before the kernel ends the process without a word.</summary>
/// <remarks>One configuration is in memory at a time, so each is judged by itself.</remarks>
internal static class MemoryCheck
{
    /// <summary>For libtorch, the runtime and the blocks an allocator keeps: 256 MiB on top of the tensors.</summary>
    public const long Headroom = 256L << 20;

    /// <summary>Refuses a study as a whole: sizes that were asked for one by one are not left out in silence.</summary>
    /// <exception cref="UsageException">The largest point needs more than there is.</exception>
    public static void Require(IReadOnlyList<StudyPoint> points, MemoryLimit available)
    {
        StudyPoint largest = points.MaxBy(point => point.PeakBytes);
        if (Problem(largest, available) is not { } problem) return;
        throw new UsageException($"{largest} {problem}; choose smaller --batches, --sequences or --dims.");
    }

    /// <summary>Why the point cannot be measured; null when it can.</summary>
    public static string? Problem(StudyPoint point, MemoryLimit available)
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
