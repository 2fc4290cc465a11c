using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>One time in which the runtime kept all managed threads suspended.</summary>
/// <param name="At">When it began to suspend them.</param>
/// <param name="Pause">From there until they went on.</param>
/// <param name="Suspending">The first part of it: until the last of them stood still.</param>
/// <param name="Generation">Generation that was collected; null when it was not for a collection.</param>
/// <param name="Reason">Why, in lower case with underscores.</param>
internal readonly record struct GcPause(Timestamp At, Duration Pause, Duration Suspending, int? Generation, string Reason);
