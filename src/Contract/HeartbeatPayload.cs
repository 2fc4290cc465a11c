namespace Observatory.Contract;

/// <summary>Payload of the heartbeat.</summary>
/// <param name="Sequence">The highest number given to an iteration event of the process; that event may still be on its way.</param>
/// <param name="Iterations">Iterations begun so far.</param>
public readonly record struct HeartbeatPayload(long Sequence, long Iterations)
{
    /// <summary>Reads the payload; false when it is too short to be one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out HeartbeatPayload result)
    {
        var reader = new PayloadReader(payload);
        bool complete = reader.TryReadInt64(out long sequence) & reader.TryReadInt64(out long iterations);
        result = new HeartbeatPayload(sequence, iterations);
        return complete;
    }
}
