namespace Observatory.Timeline;

/// <summary>The watermark of each stream: how far it said that it is complete. Nothing waits for a stream that is not here.</summary>
internal sealed class Watermarks
{
    private readonly Timestamp[] _complete = [Timestamp.Never, Timestamp.Never];
    private readonly Timestamp[] _left = new Timestamp[2];

    /// <summary>How far one stream is complete; <see cref="Timestamp.Never"/> when it is not here.</summary>
    public Timestamp this[StreamKind stream] => _complete[(int)stream];

    /// <summary>How far all streams that are here are complete; <see cref="Timestamp.Never"/> when none is.</summary>
    public Timestamp Everywhere => Timestamp.Earlier(_complete[0], _complete[1]);

    public bool IsHere(StreamKind stream) => this[stream] < Timestamp.Never;

    /// <summary>A stream joins. Returns from where on it is complete: it does not come back before it left.</summary>
    public Timestamp Join(StreamKind stream, Timestamp from)
    {
        _complete[(int)stream] = from;
        return Timestamp.Later(from, _left[(int)stream]);
    }

    public void Leave(StreamKind stream, Timestamp at)
    {
        _complete[(int)stream] = Timestamp.Never;
        _left[(int)stream] = at;
    }

    /// <summary>A stream is complete up to an instant; it never takes back what it said.</summary>
    public void Advance(StreamKind stream, Timestamp completeTo) =>
        _complete[(int)stream] = Timestamp.Later(this[stream], completeTo);
}

/// <summary>The two kinds of streams that meet on the timeline. Each says how far it is complete.</summary>
public enum StreamKind
{
    /// <summary>Events of the target's runtime: suspensions and iterations.</summary>
    Runtime,

    /// <summary>Events of the kernel's scheduler, all CPUs.</summary>
    Scheduler,
}
