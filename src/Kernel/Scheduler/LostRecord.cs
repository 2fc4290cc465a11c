namespace Observatory.Kernel;

/// <summary>
/// Records of one CPU are missing between the record before this one and <paramref name="Time"/>; PERF_RECORD_LOST.
/// </summary>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds: when the kernel found room again, so after the last loss.</param>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="Count">How many records of either kind.</param>
public readonly record struct LostRecord(long Time, int Cpu, long Count);
