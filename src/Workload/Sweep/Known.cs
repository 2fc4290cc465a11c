using Observatory.Contract;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>Which medians are known well enough.</summary>
/// <param name="precision">As a share of the median; null: none ever is.</param>
internal sealed class Known(double? precision)
{
    public bool Contains(WorkloadConfiguration configuration, SweepResults results) => precision is { } share
        && Reached(results.Of(configuration).Latencies) <= share;

    /// <summary>How many there are.</summary>
    public int Count(IEnumerable<WorkloadConfiguration> study, SweepResults results) =>
        study.Count(configuration => Contains(configuration, results));

    private static double? Reached(LatencyWindow window) =>
        MedianPrecision.Of([.. window.Samples.Select(sample => sample.Nanoseconds)], window.Visits);
}
