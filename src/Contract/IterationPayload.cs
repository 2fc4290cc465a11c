namespace Observatory.Contract;

/// <summary>Payload of an iteration's start and of its stop.</summary>
/// <param name="Sequence">
/// Counts iteration events of the process from 1, without a gap. Taken just before the event is written: those of
/// different threads may arrive in another order.
/// </param>
/// <param name="Iteration">Number of the iteration in the process, from 1.</param>
/// <param name="Configuration">Index of its configuration.</param>
/// <param name="ThreadSequence">
/// Counts iteration events of the calling thread from 1, without a gap and in order; 0 from a library that has no such count.
/// </param>
public readonly record struct IterationPayload(long Sequence, long Iteration, long Configuration, long ThreadSequence = 0)
{
    /// <summary>Reads the payload; false when it is too short to be one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out IterationPayload result)
    {
        var reader = new PayloadReader(payload);
        bool complete = reader.TryReadInt64(out long sequence)
            & reader.TryReadInt64(out long iteration)
            & reader.TryReadInt64(out long configuration);
        if (!reader.TryReadInt64(out long threadSequence)) threadSequence = 0;
        result = new IterationPayload(sequence, iteration, configuration, threadSequence);
        return complete;
    }
}
