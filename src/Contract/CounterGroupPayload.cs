namespace Observatory.Contract;

/// <summary>
/// What a <see cref="CounterSet"/> counted of the driving thread between just before an iteration's start and just after
/// its stop. Not scaled: multiply by <paramref name="Enabled"/> / <paramref name="Running"/>.
/// </summary>
/// <param name="Iteration">Number of the iteration in the process.</param>
/// <param name="Set"><see cref="CounterSet.Id"/>.</param>
/// <param name="Enabled">Nanoseconds in which the group wanted to count: the thread was on a CPU.</param>
/// <param name="Running">Those of them in which it had the counters. Less than all where others share them.</param>
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
    /// <summary>In place of what a counter that this machine lacks would have counted.</summary>
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
