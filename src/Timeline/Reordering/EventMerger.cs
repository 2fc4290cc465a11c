namespace Observatory.Timeline;

/// <summary>Merges lanes into one stream in the order of time. Lanes are few (a CPU each, one for the runtime).</summary>
internal sealed class EventMerger
{
    private readonly Dictionary<int, EventLane> _lanes = [];
    private readonly PriorityQueue<EventLane, (Timestamp At, int Rank, int Lane)> _heads = new();

    /// <summary>Events held over all lanes.</summary>
    public int Count { get; private set; }

    /// <summary>Lanes there are.</summary>
    public int Lanes => _lanes.Count;

    /// <summary>Adds an event to a lane, which is made when it is new.</summary>
    public void Add(int lane, in TimelineEvent added)
    {
        if (!_lanes.TryGetValue(lane, out EventLane? events)) _lanes.Add(lane, events = new EventLane());
        events.Add(added);
        Count++;
    }

    /// <summary>Hands over every event up to and including an instant, oldest first; of one instant those of lowest rank first.</summary>
    /// <remarks>The receiver must not add events while it is being called.</remarks>
    public void Release(Timestamp upTo, Action<TimelineEvent> receiver)
    {
        _heads.Clear();
        foreach ((int lane, EventLane events) in _lanes)
        {
            bool isOver = new LossScope(lane).IsThread && events.IsUnused();
            if (isOver) _lanes.Remove(lane);
            else Enqueue(lane, events, upTo);
        }

        while (_heads.TryDequeue(out EventLane? events, out (Timestamp At, int Rank, int Lane) head))
        {
            // As long as no other lane is next, there is nothing to put in order: a busy CPU writes many events in a row.
            bool isAlone = !_heads.TryPeek(out _, out (Timestamp At, int Rank, int Lane) next);
            do
            {
                Count--;
                TimelineEvent taken = events.Take();
                receiver(taken);
                if (taken.Kind == EventKind.Exited) RemoveOf(taken.Thread);
            }
            while (events.Count > 0 && events.First.At <= upTo && (isAlone || Key(events, head.Lane).CompareTo(next) < 0));

            Enqueue(head.Lane, events, upTo);
        }
    }

    /// <summary>A thread's ring ends with it; threads come and go, CPUs stay.</summary>
    private void RemoveOf(int thread)
    {
        int lane = LossScope.Thread(thread).Value;
        if (thread > 0 && _lanes.TryGetValue(lane, out EventLane? events) && events.Count == 0) _lanes.Remove(lane);
    }

    private void Enqueue(int lane, EventLane events, Timestamp upTo)
    {
        if (events.Count == 0 || events.First.At > upTo) return;
        _heads.Enqueue(events, Key(events, lane));
    }

    private static (Timestamp At, int Rank, int Lane) Key(EventLane events, int lane) =>
        (events.First.At, Rank(events.First.Kind), lane);

    // Where the clock is coarse (arm64 steps by 40 ns), a thread leaves one CPU, is woken and taken in by another at one
    // instant; a thread that tells something is on a CPU already.
    private static int Rank(EventKind kind) => kind switch
    {
        EventKind.LossEnded => 0,
        EventKind.SwitchOut or EventKind.Preempted or EventKind.Exited => 1,
        EventKind.Waking => 2,
        EventKind.SwitchIn => 3,
        _ => 4,
    };
}

/// <summary>
/// Events of one stream, in the order of their times. Streams arrive almost sorted, so an event is put in place from
/// the end; equal times keep the order of arrival.
/// </summary>
internal sealed class EventLane
{
    /// <summary>Visits after which a lane without events is taken for one that gets none any more: some seconds.</summary>
    private const int MostUnused = 64;

    private TimelineEvent[] _ring = new TimelineEvent[8];
    private int _first;
    private int _unused;

    /// <summary>Events held.</summary>
    public int Count { get; private set; }

    /// <summary>The oldest event held; only valid while <see cref="Count"/> is positive.</summary>
    public ref readonly TimelineEvent First => ref _ring[_first];

    /// <summary>A visit. True when it has been found without events again and again.</summary>
    public bool IsUnused()
    {
        if (Count > 0) _unused = 0;
        return Count == 0 && ++_unused > MostUnused;
    }

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
