using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>
/// The packets of a file, all of one sequence, so that what is interned once serves them all. Times go in as the
/// timeline has them, on CLOCK_MONOTONIC, and come out on the clock that Perfetto takes for granted, CLOCK_BOOTTIME.
/// </summary>
/// <param name="output">The file.</param>
/// <param name="bootMinusMonotonic">What the boot-time clock is ahead.</param>
/// <param name="most">Bytes that the file should not exceed.</param>
internal sealed class PacketStream(Stream output, Duration bootMinusMonotonic, long most) : IDisposable
{
    private const int Sequence = 1;

    private readonly ProtoMessage _trace = new();
    private readonly ProtoMessage _packet = new();
    private readonly ProtoMessage _interned = new();
    private readonly ProtoMessage _entry = new();
    private readonly Dictionary<(int Kind, string Text), int> _ids = [];
    private bool _isFirst = true;

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes that may still be written. What must not be left out is written all the same.</summary>
    public long Room => most - Length;

    /// <summary>An instant as it is written.</summary>
    public long Time(Timestamp at) => (at + bootMinusMonotonic).Nanoseconds;

    /// <summary>The number of a text in one of the tables of <see cref="Schema.Interned"/>; told with the next packet when it is new.</summary>
    public int Intern(int table, string text)
    {
        if (_ids.TryGetValue((table, text), out int known)) return known;
        int id = _ids.Count + 1;
        _ids.Add((table, text), id);
        _interned.Take(table, _entry.Number(Schema.Interned.Id, id).Text(Schema.Interned.Text, text));
        return id;
    }

    /// <summary>Writes a packet of one message, which is emptied.</summary>
    /// <param name="field">What it is, one of <see cref="Schema.Packet"/>.</param>
    /// <param name="content">The message.</param>
    /// <param name="at">When; null for what has no time, or times of its own.</param>
    /// <param name="isInterned">False for a message that refers to no interned text: it does without the flag.</param>
    public void Write(int field, ProtoMessage content, Timestamp? at = null, bool isInterned = true)
    {
        if (at is { } time) _packet.Number(Schema.Packet.Timestamp, Time(time));
        _packet.Number(Schema.Packet.SequenceId, Sequence);
        if (_isFirst) _packet.Number(Schema.Packet.SequenceFlags, Schema.Packet.StateCleared);
        else if (isInterned) _packet.Number(Schema.Packet.SequenceFlags, Schema.Packet.NeedsState);
        if (_interned.Length > 0) _packet.Take(Schema.Packet.InternedData, _interned);
        _packet.Take(field, content);
        _isFirst = false;
        _trace.Take(Schema.TracePacketOfTrace, _packet);
        Length += _trace.Length;
        _trace.MoveTo(output);
    }

    public void Dispose()
    {
        _trace.Dispose();
        _packet.Dispose();
        _interned.Dispose();
        _entry.Dispose();
    }
}
