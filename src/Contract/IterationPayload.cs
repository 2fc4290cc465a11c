namespace Observatory.Contract;

/// <summary>Payload of an iteration's start and of its stop.</summary>
/// <param name="Sequence">Counts iteration events of the process from 1, without a gap.</param>
/// <param name="Iteration">Number of the iteration in the process, from 1.</param>
/// <param name="Configuration">Index of its configuration.</param>
public readonly record struct IterationPayload(long Sequence, long Iteration, long Configuration)
{
    /// <summary>Reads the payload; false when it is too short to be one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out IterationPayload result)
    {
        var reader = new PayloadReader(payload);
        bool complete = reader.TryReadInt64(out long sequence)
            & reader.TryReadInt64(out long iteration)
            & reader.TryReadInt64(out long configuration);
        result = new IterationPayload(sequence, iteration, configuration);
        return complete;
    }
}
