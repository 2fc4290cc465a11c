using Observatory.Study.Results;

namespace Observatory.Workload.Results;

/// <summary>One iteration as it was measured.</summary>
/// <param name="Nanoseconds">How long it took.</param>
/// <param name="Disturbances">What came between, of the kinds that were watched.</param>
internal readonly record struct Sample(long Nanoseconds, Disturbances Disturbances);
