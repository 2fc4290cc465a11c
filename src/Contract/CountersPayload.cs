namespace Observatory.Contract;

/// <summary>
/// What the kernel has counted for the driving thread since the thread began, read by the thread itself just before an
/// iteration's start and again just after its stop. Which of the two a reading is follows from its time.
/// </summary>
/// <param name="Iteration">Number of the iteration in the process.</param>
/// <param name="Cpu">CLOCK_THREAD_CPUTIME_ID, in nanoseconds: time on a CPU.</param>
/// <param name="Waited">
/// run_delay of /proc/thread-self/schedstat, in nanoseconds: time runnable without a CPU, preempted or woken.
/// <see cref="NotCounted"/> where the kernel does not count it.
/// </param>
/// <param name="VoluntarySwitches">Switches by which it gave its CPU up; this and what follows from getrusage(2).</param>
/// <param name="InvoluntarySwitches">Switches by which it lost its CPU.</param>
/// <param name="MinorFaults">Page faults without I/O.</param>
/// <param name="MajorFaults">Page faults with I/O.</param>
public readonly record struct CountersPayload(
    long Iteration,
    long Cpu,
    long Waited,
    long VoluntarySwitches,
    long InvoluntarySwitches,
    long MinorFaults,
    long MajorFaults)
{
    /// <summary>In place of a number that the kernel did not give.</summary>
    public const long NotCounted = -1;

    /// <summary>Reads the payload; false when it is too short to be one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out CountersPayload result)
    {
        var reader = new PayloadReader(payload);
        bool complete = reader.TryReadInt64(out long iteration)
            & reader.TryReadInt64(out long cpu)
            & reader.TryReadInt64(out long waited)
            & reader.TryReadInt64(out long voluntary)
            & reader.TryReadInt64(out long involuntary)
            & reader.TryReadInt64(out long minor)
            & reader.TryReadInt64(out long major);
        result = new CountersPayload(iteration, cpu, waited, voluntary, involuntary, minor, major);
        return complete;
    }
}
