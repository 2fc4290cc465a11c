using System.Globalization;
using Observatory.Hosting;
using Observatory.Workload.Machine;

namespace Observatory.Workload.Study;

/// <summary>Refuses a study that the machine cannot hold, before the kernel ends the process without a word.</summary>
internal static class MemoryCheck
{
    /// <summary>For libtorch, the runtime and the blocks an allocator keeps: 256 MiB on top of the tensors.</summary>
    public const long Headroom = 256L << 20;

    /// <summary>One configuration is in memory at a time, so the largest decides.</summary>
    /// <exception cref="UsageException">It needs more than there is.</exception>
    public static void Require(IReadOnlyList<StudyPoint> points, MemoryLimit available)
    {
        StudyPoint largest = points.MaxBy(point => point.TensorBytes);
        Int128 needed = largest.TensorBytes + Headroom;
        if (needed <= available.Bytes) return;
        throw new UsageException(
            $"{StudyPoint.Operation} {largest} needs {Text(needed)} (tensors {Text(largest.TensorBytes)}, headroom "
            + $"{Text(Headroom)}), and {Text(available.Bytes)} are available ({available.Source}); "
            + "choose smaller --batches, --sequences or --dims.");
    }

    private static string Text(Int128 bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / (1L << 30):0.0} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / (1L << 20):0} MiB");
}
