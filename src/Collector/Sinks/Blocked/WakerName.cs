using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What driving threads waited for while they were blocked.</summary>
/// <param name="Thread">Name of the thread that woke them.</param>
/// <param name="Cause">What went on with it meanwhile; null for several.</param>
internal readonly record struct WakerName(string Thread, BlockedFor? Cause);
