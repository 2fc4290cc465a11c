using Observatory.Contract;
using Observatory.Workload.Results;

namespace Observatory.Workload.Sweep;

/// <summary>Which medians are known well enough.</summary>
/// <param name="precision">As a share of the median; null: none ever is.</param>
internal sealed class Known(double? precision)
{
    public bool Contains(WorkloadConfiguration configuration, SweepResults results) => precision is { } share
        && MedianPrecision.Of(results.Of(configuration).Latencies) is { } reached && reached <= share;

    /// <summary>How many there are.</summary>
    public int Count(IEnumerable<WorkloadConfiguration> study, SweepResults results) =>
        study.Count(configuration => Contains(configuration, results));
}
