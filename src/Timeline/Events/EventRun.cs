using System.Runtime.InteropServices;

namespace Observatory.Timeline;

/// <summary>Receives events in their order, some at a time.</summary>
/// <param name="events">Valid until the call returns.</param>
public delegate void EventsReceiver(EventRun events);

/// <summary>Events in their order, most of them packed.</summary>
/// <param name="places">Each event, or its place.</param>
/// <param name="whole">Those that are kept whole, in the order of their places.</param>
public readonly ref struct EventRun(ReadOnlySpan<PackedEvent> places, ReadOnlySpan<TimelineEvent> whole)
{
    /// <summary>Each event, or the place of one that is kept whole.</summary>
    public ReadOnlySpan<PackedEvent> Places { get; } = places;

    /// <summary>Those that are kept whole, in the order of their places.</summary>
    public ReadOnlySpan<TimelineEvent> Whole { get; } = whole;

    /// <summary>How many events.</summary>
    public int Count => Places.Length;

    /// <summary>A copy of every event.</summary>
    public TimelineEvent[] ToArray()
    {
        var events = new TimelineEvent[Count];
        int next = 0;
        foreach (TimelineEvent happened in this) events[next++] = happened;
        return events;
    }

    /// <summary>Every event, unpacked.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Unpacks one event after another.</summary>
    public ref struct Enumerator
    {
        private readonly EventRun _run;
        private int _place = -1;
        private int _whole = -1;

        internal Enumerator(EventRun run) => _run = run;

        /// <summary>The present event.</summary>
        public readonly TimelineEvent Current => _run.Places[_place].IsWhole ? _run.Whole[_whole] : _run.Places[_place].Unpack();

        /// <summary>Goes on to the next. False when there is none.</summary>
        public bool MoveNext()
        {
            if (++_place >= _run.Count) return false;
            if (_run.Places[_place].IsWhole) _whole++;
            return true;
        }
    }
}

/// <summary>A list of events, switches and wake-ups in 16 bytes each.</summary>
public sealed class EventBatch
{
    private readonly List<PackedEvent> _places = [];
    private readonly List<TimelineEvent> _whole = [];

    /// <summary>How many events.</summary>
    public int Count => _places.Count;

    /// <summary>The events. Valid until the next change.</summary>
    public EventRun Run => new(CollectionsMarshal.AsSpan(_places), CollectionsMarshal.AsSpan(_whole));

    /// <summary>Adds an event.</summary>
    public void Add(in TimelineEvent added)
    {
        if (PackedEvent.TryPack(added, out PackedEvent packed))
        {
            _places.Add(packed);
            return;
        }

        _places.Add(PackedEvent.PlaceOf(added));
        _whole.Add(added);
    }

    /// <summary>Adds a switch or a wake-up from its parts.</summary>
    /// <param name="at">When.</param>
    /// <param name="kind">What.</param>
    /// <param name="ring">The CPU, or a ring.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="process">Its process, or its waker.</param>
    public void Add(Timestamp at, EventKind kind, int ring, int thread, int process)
    {
        if (PackedEvent.TryPack(at, kind, ring, thread, process, out PackedEvent packed)) _places.Add(packed);
        else Add(TimelineEvent.OfRing(at, kind, ring, thread, process));
    }

    /// <summary>Adds what another list or run holds.</summary>
    public void Add(EventRun added)
    {
        _places.AddRange(added.Places);
        if (added.Whole.Length > 0) _whole.AddRange(added.Whole);
    }

    /// <summary>Removes all.</summary>
    public void Clear()
    {
        _places.Clear();
        _whole.Clear();
    }
}
