namespace Observatory.Contract;

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
