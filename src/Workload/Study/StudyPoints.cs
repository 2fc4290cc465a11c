using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>The points of a study in the listed order, in which a point's position is its index.</summary>
internal static class StudyPoints
{
    /// <summary>
    /// Metrics keep at most 2000 label combinations per instrument, and every configuration is declared each second.
    /// </summary>
    public const int Most = 1000;

    /// <exception cref="UsageException">There are more than <see cref="Most"/>.</exception>
    public static IReadOnlyList<StudyPoint> Of(SweepOptions options)
    {
        SweepGrid[] grids =
            [new SweepGrid(options.Operations, options.Batches, options.Sequences, options.Dims), .. options.Beside];
        long count = grids.Sum(grid => grid.Count);
        if (count > Most)
        {
            throw new UsageException(
                $"{count} configurations are more than {Most}; name fewer --batches, --sequences or --dims.");
        }

        return
        [
            .. from grid in grids
               from operation in grid.Operations
               from batch in grid.Batches
               from sequence in grid.Sequences
               from dim in grid.Dims
               select new StudyPoint(operation, batch, sequence, dim),
        ];
    }
}
