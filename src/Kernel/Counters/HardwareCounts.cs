namespace Observatory.Kernel;

/// <summary>What the processor counted of one thread, in user mode, since the counters were opened.</summary>
/// <param name="Cycles">Core cycles, at whatever frequency it ran.</param>
/// <param name="Instructions">Instructions retired.</param>
/// <param name="LastLevelCacheMisses">Accesses that the last level of cache could not answer, as the CPU maker defines
/// them.</param>
/// <param name="DataTlbMisses">Loads whose address no data TLB entry translated.</param>
/// <param name="CountedShare">
/// The part of the thread's running time that was counted, 0 to 1. Below 1 others shared the counters, and the numbers
/// are scaled up from that part.
/// </param>
public readonly record struct HardwareCounts(
    long Cycles,
    long Instructions,
    long LastLevelCacheMisses,
    long DataTlbMisses,
    double CountedShare);
