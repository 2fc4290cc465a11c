namespace Observatory.Kernel;

/// <summary>How long work has stalled for want of a resource since boot, in microseconds of wall time.</summary>
/// <param name="SomeMicroseconds">At least one task was stalled.</param>
/// <param name="FullMicroseconds">All tasks that had work were; -1 where the kernel does not say it.</param>
public readonly record struct PressureTotals(long SomeMicroseconds, long FullMicroseconds);
