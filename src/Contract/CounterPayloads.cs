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
    /// <summary>Stands for a number that the kernel did not give.</summary>
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

/// <summary>
/// What a <see cref="CounterSet"/> counted of the driving thread between just before an iteration's start and just after
/// its stop. Not scaled: multiply by <paramref name="Enabled"/> / <paramref name="Running"/>.
/// </summary>
/// <param name="Iteration">Number of the iteration in the process.</param>
/// <param name="Set"><see cref="CounterSet.Id"/>.</param>
/// <param name="Enabled">Nanoseconds in which the group wanted to count: the thread was on a CPU.</param>
/// <param name="Running">Those of them in which it had the counters: fewer where others share them.</param>
/// <param name="First">Counted by the set's first counter; this and the others <see cref="NotCounted"/> where there is none.</param>
/// <param name="Second">Counted by its second counter.</param>
/// <param name="Third">Counted by its third counter.</param>
/// <param name="Fourth">Counted by its fourth counter.</param>
public readonly record struct CounterGroupPayload(
    long Iteration,
    long Set,
    long Enabled,
    long Running,
    long First,
    long Second,
    long Third,
    long Fourth)
{
    /// <summary>Stands for the count of a counter that this machine lacks.</summary>
    public const long NotCounted = -1;

    /// <summary>Reads the payload; false when it is too short to be one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out CounterGroupPayload result)
    {
        var reader = new PayloadReader(payload);
        bool complete = reader.TryReadInt64(out long iteration)
            & reader.TryReadInt64(out long set)
            & reader.TryReadInt64(out long enabled)
            & reader.TryReadInt64(out long running)
            & reader.TryReadInt64(out long first)
            & reader.TryReadInt64(out long second)
            & reader.TryReadInt64(out long third)
            & reader.TryReadInt64(out long fourth);
        result = new CounterGroupPayload(iteration, set, enabled, running, first, second, third, fourth);
        return complete;
    }
}

/// <summary>The kernel refused a thread its counters.</summary>
/// <param name="Set"><see cref="CounterSet.Id"/>.</param>
/// <param name="Error">The error number of perf_event_open(2).</param>
public readonly record struct CounterRefusalPayload(long Set, long Error)
{
    /// <summary>Reads the payload; false when it is too short to be one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out CounterRefusalPayload result)
    {
        var reader = new PayloadReader(payload);
        bool complete = reader.TryReadInt64(out long set) & reader.TryReadInt64(out long error);
        result = new CounterRefusalPayload(set, error);
        return complete;
    }
}
