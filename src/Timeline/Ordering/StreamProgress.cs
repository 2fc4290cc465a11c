namespace Observatory.Timeline;

/// <summary>How far each stream said that it is complete; a stream that is not here is waited for by nobody.</summary>
internal sealed class StreamProgress
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
