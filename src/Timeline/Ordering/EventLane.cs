namespace Observatory.Timeline;

/// <summary>
/// Events of one stream, in the order of their times. Streams arrive almost sorted, so an event is put in place from
/// the end; equal times keep the order of arrival.
/// </summary>
internal sealed class EventLane
{
    private TimelineEvent[] _ring = new TimelineEvent[64];
    private int _first;

    /// <summary>Events held.</summary>
    public int Count { get; private set; }

    /// <summary>The oldest event held; only valid while <see cref="Count"/> is positive.</summary>
    public ref readonly TimelineEvent First => ref _ring[_first];

    /// <summary>Puts an event behind every held event that is not later than it.</summary>
    public void Add(in TimelineEvent added)
    {
        if (Count == _ring.Length) Grow();
        int place = Count++;
        while (place > 0 && _ring[Index(place - 1)].At > added.At)
        {
            _ring[Index(place)] = _ring[Index(place - 1)];
            place--;
        }

        _ring[Index(place)] = added;
    }

    /// <summary>Removes and returns the oldest event.</summary>
    public TimelineEvent Take()
    {
        TimelineEvent taken = _ring[_first];
        _first = Index(1);
        Count--;
        return taken;
    }

    // The length is a power of two.
    private int Index(int offset) => (_first + offset) & (_ring.Length - 1);

    private void Grow()
    {
        var larger = new TimelineEvent[_ring.Length * 2];
        for (int i = 0; i < Count; i++) larger[i] = _ring[Index(i)];
        _ring = larger;
        _first = 0;
    }
}
