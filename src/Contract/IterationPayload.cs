using System.Buffers.Binary;
using System.Runtime.InteropServices;

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

/// <summary>
/// Reads an event's payload as EventPipe carries it: numbers little-endian and unaligned, strings as UTF-16 that end
/// with a zero character.
/// </summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    public bool TryReadInt64(out long value)
    {
        if (!BinaryPrimitives.TryReadInt64LittleEndian(_rest, out value)) return false;
        _rest = _rest[sizeof(long)..];
        return true;
    }

    public bool TryReadString(out string value)
    {
        ReadOnlySpan<char> characters = MemoryMarshal.Cast<byte, char>(_rest);
        int length = characters.IndexOf('\0');
        value = length < 0 ? "" : new string(characters[..length]);
        if (length < 0) return false;
        _rest = _rest[((length + 1) * sizeof(char))..];
        return true;
    }
}
