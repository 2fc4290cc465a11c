namespace Observatory.Kernel;

/// <summary>
/// Records of one CPU, or of one thread, are missing between its record before this one and <paramref name="Time"/>;
/// PERF_RECORD_LOST.
/// </summary>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds: when the kernel found room again, so after the last loss.</param>
/// <param name="Cpu">The CPU's number; of a thread's ring, where the thread was when there was room again, or -1 when it ended before.
/// </param>
/// <param name="Count">How many records of any kind.</param>
/// <param name="ThreadId">
/// The thread whose records are missing, wherever it ran; <see cref="OfAnyThread"/> when it is the CPU's.
/// </param>
public readonly record struct LostRecord(long Time, int Cpu, long Count, int ThreadId = LostRecord.OfAnyThread)
{
    /// <summary>Any thread's records of the CPU may be missing.</summary>
    public const int OfAnyThread = 0;
}
