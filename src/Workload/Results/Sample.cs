using Observatory.Study;

namespace Observatory.Workload;

/// <summary>One iteration as it was measured.</summary>
/// <param name="Iteration">Its number in the process, as observers know it.</param>
/// <param name="Nanoseconds">How long it took.</param>
/// <param name="Disturbances">What came between, of the kinds that were watched.</param>
/// <param name="AllocatedBytes">Managed memory that was allocated between the marks, by its own thread.</param>
internal readonly record struct Sample(long Iteration, long Nanoseconds, Disturbances Disturbances, long AllocatedBytes);
