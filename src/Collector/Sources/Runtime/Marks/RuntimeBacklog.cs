using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// How far the runtime's stream may be called complete. The runtime has a buffer for each thread, and tells that a thread found no room with
/// the next event of that thread: by then events of others, from the same time and later, have been read. So where so much has come
/// that there may have been no room, nothing is called complete until what was lost has been told.
/// </summary>
/// <param name="bufferBytes">Size of the session's buffers, all together.</param>
internal sealed class RuntimeBacklog(long bufferBytes)
{
    /// <summary>
    /// Buffers hold headers and stacks that the stream leaves out, and some of each is not used: where they were full, the stream
    /// has this part of their size at the least.
    /// </summary>
    private const int LeastPart = 8;

    /// <summary>The runtime sends every 100 ms: what is older than this has waited to be read.</summary>
    private static readonly Duration Prompt = Duration.FromMilliseconds(250);

    /// <summary>Three times that it sends: a thread that writes as often has told by then what it lost.</summary>
    private static readonly Duration Telling = Duration.FromMilliseconds(300);

    private long _promptTo;
    private Timestamp _heldUntil = Timestamp.Zero;

    /// <summary>Takes note of an event.</summary>
    /// <param name="at">When it happened.</param>
    /// <param name="now">When it was read.</param>
    /// <param name="read">Bytes of the stream that have been read up to it.</param>
    /// <returns>Up to when the stream is complete as far as this event tells; <see cref="Timestamp.Zero"/> where it does not.</returns>
    public Timestamp Claim(Timestamp at, Timestamp now, long read)
    {
        if (now - at < Prompt) _promptTo = read;
        else if (read - _promptTo > bufferBytes / LeastPart) _heldUntil = now + Telling;
        return now < _heldUntil ? Timestamp.Zero : at;
    }
}
