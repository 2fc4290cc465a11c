using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>Writes tracks, and what stands on them.</summary>
/// <param name="packets">Where they go.</param>
internal sealed class TrackPackets(PacketStream packets) : IDisposable
{
    private readonly ProtoMessage _content = new();
    private readonly ProtoMessage _detail = new();
    private int _tracks;

    /// <summary>The track of a process.</summary>
    public int Process(int process, string name)
    {
        _detail.Number(Schema.Track.ProcessPid, process).Text(Schema.Track.ProcessName, name);
        return Add(null, 0, Schema.Track.Process);
    }

    /// <summary>The track of a thread: what stands on it nests.</summary>
    public int Thread(int process, int thread, string name)
    {
        _detail.Number(Schema.Track.ThreadProcess, process).Number(Schema.Track.ThreadId, thread).Text(Schema.Track.ThreadName, name);
        return Add(null, 0, Schema.Track.Thread);
    }

    /// <summary>A track below another: what stands on it does not overlap.</summary>
    public int Child(int parent, string name) => Add(name, parent, 0);

    /// <summary>A track of values.</summary>
    public int Counter(int parent, string name, bool isBytes)
    {
        _detail.Number(Schema.Track.CounterUnit, isBytes ? Schema.Track.UnitBytes : Schema.Track.UnitCount);
        return Add(name, parent, Schema.Track.Counter);
    }

    /// <summary>How many more slices the file has room for; what a slice takes is a guess at the high end.</summary>
    public int RoomForSlices => (int)(packets.Room / 64);

    /// <summary>Slices that were left out because the file was full.</summary>
    public int LeftOut { get; private set; }

    /// <summary>A slice of a track, with nothing below it.</summary>
    /// <param name="track">The track.</param>
    /// <param name="from">First instant.</param>
    /// <param name="to">Last instant.</param>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">What stands beside it.</param>
    /// <param name="flow">Slices of the same number are joined by arrows; 0 for none.</param>
    public void Slice(
        int track, Timestamp from, Timestamp to, string name, IEnumerable<TraceArgument>? arguments = null, ulong flow = 0)
    {
        if (packets.Room <= 0)
        {
            LeftOut++;
            return;
        }

        Begin(track, from, name, arguments, flow);
        End(track, to);
    }

    /// <summary>The beginning of a slice that others may stand below; <see cref="End"/> must follow.</summary>
    public void Begin(int track, Timestamp from, string name, IEnumerable<TraceArgument>? arguments, ulong flow)
    {
        _content.Number(Schema.TrackEvent.Type, Schema.TrackEvent.SliceBegin).Number(Schema.TrackEvent.TrackUuid, track)
            .Number(Schema.TrackEvent.NameId, packets.Intern(Schema.Interned.EventNames, name));
        if (flow != 0) _content.Fixed(Schema.TrackEvent.FlowId, flow);
        foreach (TraceArgument argument in arguments ?? [])
        {
            _detail.Number(Schema.TrackEvent.AnnotationNameId, packets.Intern(Schema.Interned.AnnotationNames, argument.Name));
            if (argument.Text is { } text) _detail.Text(Schema.TrackEvent.AnnotationText, text);
            else _detail.Number(Schema.TrackEvent.AnnotationInteger, argument.Number);
            _content.Take(Schema.TrackEvent.Annotation, _detail);
        }

        packets.Write(Schema.Packet.TrackEvent, _content, from);
    }

    /// <summary>The end of the slice of a track that was begun last.</summary>
    public void End(int track, Timestamp to)
    {
        _content.Number(Schema.TrackEvent.Type, Schema.TrackEvent.SliceEnd).Number(Schema.TrackEvent.TrackUuid, track);
        packets.Write(Schema.Packet.TrackEvent, _content, to, isInterned: false);
    }

    /// <summary>A value of a track of values, from an instant on.</summary>
    public void Value(int track, Timestamp at, long value)
    {
        _content.Number(Schema.TrackEvent.Type, Schema.TrackEvent.Counter).Number(Schema.TrackEvent.TrackUuid, track)
            .Number(Schema.TrackEvent.CounterValue, value);
        packets.Write(Schema.Packet.TrackEvent, _content, at, isInterned: false);
    }

    public void Dispose()
    {
        _content.Dispose();
        _detail.Dispose();
    }

    private int Add(string? name, int parent, int kind)
    {
        _content.Number(Schema.Track.Uuid, ++_tracks);
        if (name is not null) _content.Text(Schema.Track.Name, name);
        if (parent > 0) _content.Number(Schema.Track.Parent, parent);
        if (kind > 0) _content.Take(kind, _detail);
        packets.Write(Schema.Packet.TrackDescriptor, _content);
        return _tracks;
    }
}

/// <summary>Something that stands beside a slice: a text, or a whole number.</summary>
public readonly record struct TraceArgument(string Name, long Number, string? Text = null)
{
    /// <summary>A text.</summary>
    public TraceArgument(string name, string text)
        : this(name, 0, text)
    {
    }
}
