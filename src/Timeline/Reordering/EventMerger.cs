using System.Diagnostics;

namespace Observatory.Timeline;

/// <summary>The events held back, in the lanes of their streams, and up to where they have been handed over.</summary>
internal sealed class HeldEvents
{
    private const int RuntimeLane = -2;

    // What was read outside the streams is placed later than the runtime's events, which lag: in one lane with it, each of
    // those would have to be put in before it.
    private const int NotesLane = -3;
    private readonly EventMerger _lanes = new();

    /// <summary>Up to here everything has been handed over: what comes now with an earlier time is late.</summary>
    public Timestamp ReleasedUpTo { get; private set; } = Timestamp.Zero;

    /// <summary>Events held.</summary>
    public int Count => _lanes.Count;

    /// <summary>Memory that they take.</summary>
    public long Bytes => _lanes.Bytes;

    /// <summary>Memory that is kept for the next flood.</summary>
    public long FreeBytes => _lanes.FreeBytes;

    /// <summary>Lanes there are.</summary>
    public int Lanes => _lanes.Lanes;

    /// <summary>When the oldest event held happened.</summary>
    public Timestamp Oldest => _lanes.Oldest;

    /// <summary>A look now and then: gives back what was not needed for some seconds.</summary>
    public void Trim() => _lanes.Trim();

    /// <summary>When the newest event happened that came from the kernel; the target has no say in it.</summary>
    public Timestamp NewestOfRing { get; private set; } = Timestamp.Zero;

    public void Put(in TimelineEvent added)
    {
        if (added.IsOfRing) NewestOfRing = Timestamp.Later(NewestOfRing, added.At);
        _lanes.Add(IsOfCpu(added) ? added.Cpu : added.IsOfSource ? RuntimeLane : NotesLane, added);
    }

    /// <summary>Packed ones of one ring, in the order of time.</summary>
    public void Put(ReadOnlySpan<PackedEvent> ofOneRing)
    {
        if (ofOneRing.IsEmpty) return;
        NewestOfRing = Timestamp.Later(NewestOfRing, ofOneRing[^1].At);
        _lanes.Add(ofOneRing);
    }

    /// <summary>A packed one is of a ring.</summary>
    public void Put(in PackedEvent added)
    {
        NewestOfRing = Timestamp.Later(NewestOfRing, added.At);
        _lanes.Add(added);
    }

    /// <summary>Hands over everything up to and including an instant.</summary>
    public void Release(Timestamp upTo, EventsReceiver receiver)
    {
        _lanes.Release(upTo, receiver);
        if (upTo < Timestamp.Never) ReleasedUpTo = upTo;
    }

    private static bool IsOfCpu(in TimelineEvent added) => added.IsOfRing || (IsLoss(added) && added.Scope.IsRing);

    private static bool IsLoss(in TimelineEvent added) => added.Kind is EventKind.LossBegan or EventKind.LossEnded;
}

/// <summary>Merges lanes into one stream in the order of time. Lanes are few (a CPU each, one for the runtime).</summary>
internal sealed class EventMerger
{
    private readonly LanePool _pool = new();
    private readonly RingTable<EventLane> _lanes;
    private readonly LaneHeads _heads = new();
    private readonly List<int> _over = [];
    private readonly ReleasedEvents _released = new();

    public EventMerger() => _lanes = new RingTable<EventLane>(_ => new EventLane(_pool));

    /// <summary>Events held over all lanes.</summary>
    public int Count { get; private set; }

    /// <summary>Memory of what is held.</summary>
    public long Bytes
    {
        get
        {
            long bytes = 0;
            foreach ((_, EventLane lane) in _lanes.All) bytes += lane.Bytes;
            return bytes;
        }
    }

    /// <summary>Memory that is kept for the next flood.</summary>
    public long FreeBytes => _pool.FreeBytes;

    /// <summary>When the oldest event held happened; <see cref="Timestamp.Never"/> when none is.</summary>
    public Timestamp Oldest
    {
        get
        {
            Timestamp oldest = Timestamp.Never;
            foreach ((_, EventLane lane) in _lanes.All)
            {
                if (lane.Count > 0) oldest = Timestamp.Earlier(oldest, lane.FirstAt);
            }

            return oldest;
        }
    }

    /// <summary>A visit: gives back what was not needed for some seconds, memory and lanes of threads.</summary>
    public void Trim()
    {
        _pool.Trim();
        _over.Clear();
        foreach ((int lane, EventLane events) in _lanes.All)
        {
            if (new LossScope(lane).IsThread && events.IsUnused()) _over.Add(lane);
        }

        foreach (int lane in _over) _lanes.Remove(lane);
    }

    /// <summary>Lanes there are.</summary>
    public int Lanes => _lanes.Count;

    /// <summary>Adds an event to a lane, which is made when it is new.</summary>
    public void Add(int lane, in TimelineEvent added)
    {
        _lanes[lane].Add(added);
        Count++;
    }

    /// <summary>Adds a packed event to the lane of its ring.</summary>
    public void Add(in PackedEvent added)
    {
        Debug.Assert(!added.IsWhole, "a place is no event");
        _lanes[added.Cpu].Add(added);
        Count++;
    }

    /// <summary>Adds packed events of one ring, in the order of time.</summary>
    public void Add(ReadOnlySpan<PackedEvent> ofOneRing)
    {
        _lanes[ofOneRing[0].Cpu].Add(ofOneRing);
        Count += ofOneRing.Length;
    }

    /// <summary>Hands over every event up to and including an instant, oldest first; of one instant those of lowest rank first.</summary>
    /// <remarks>The receiver must not add events while it is being called.</remarks>
    public void Release(Timestamp upTo, EventsReceiver receiver)
    {
        FindHeads(upTo);
        while (_heads.Count > 0)
        {
            (EventLane events, LaneHead head) = _heads.First;
            // As long as no other lane is next, there is nothing to put in order: a busy CPU writes many events in a row.
            LaneHead next = _heads.Second;
            do
            {
                if (_released.Room == 0) HandOver(receiver);
                PackedEvent last = events.Take(_released, head.Lane, upTo, next);
                // A thread's ring ends with it; threads come and go, CPUs stay.
                if (last.Kind == EventKind.Exited) RemoveOf(_released.LastThread);
            }
            while (events.Count > 0 && events.FirstAt <= upTo && HeadOf(events, head.Lane).CompareTo(next) < 0);

            if (events.Count > 0 && events.FirstAt <= upTo) _heads.ReplaceFirst(HeadOf(events, head.Lane));
            else _heads.RemoveFirst();
        }

        HandOver(receiver);
    }

    private static LaneHead HeadOf(EventLane events, int lane) => new(events.FirstAt, events.FirstKind, lane);

    private void HandOver(EventsReceiver receiver)
    {
        if (_released.Count == 0) return;
        Count -= _released.Count;
        receiver(_released.Run);
        _released.Clear();
    }

    private void FindHeads(Timestamp upTo)
    {
        _heads.Clear();
        foreach ((int lane, EventLane events) in _lanes.All)
        {
            if (events.Count > 0 && events.FirstAt <= upTo) _heads.Add(events, HeadOf(events, lane));
        }
    }

    private void RemoveOf(int thread)
    {
        int lane = LossScope.Thread(thread).Value;
        if (thread > 0 && _lanes.TryGet(lane, out EventLane? events) && events.Count == 0) _lanes.Remove(lane);
    }
}

/// <summary>Events on their way from the lanes to the receiver: enough at once to make the call worth it.</summary>
/// <param name="most">Most of them.</param>
internal sealed class ReleasedEvents(int most = 64)
{
    private readonly PackedEvent[] _places = new PackedEvent[most];
    private readonly TimelineEvent[] _whole = new TimelineEvent[most];
    private int _wholeCount;

    public int Count { get; private set; }

    public int Room => most - Count;

    public EventRun Run => new(_places.AsSpan(0, Count), _whole.AsSpan(0, _wholeCount));

    /// <summary>Thread of the newest event.</summary>
    public int LastThread => _places[Count - 1].IsWhole ? _whole[_wholeCount - 1].Thread : _places[Count - 1].Thread;

    public void Add(in PackedEvent place) => _places[Count++] = place;

    public void AddWhole(in TimelineEvent whole) => _whole[_wholeCount++] = whole;

    public void Clear() => (Count, _wholeCount) = (0, 0);
}
