namespace Observatory.Timeline;

/// <summary>Receives events in the order of the timeline, some at a time.</summary>
/// <param name="events">Valid until the call returns.</param>
public delegate void EventsReceiver(ReadOnlySpan<TimelineEvent> events);

/// <summary>Merges lanes into one stream in the order of time. Lanes are few (a CPU each, one for the runtime).</summary>
internal sealed class EventMerger
{
    /// <summary>Most events that are handed over at once.</summary>
    private const int LongestRun = 64;

    private readonly LanePool _pool = new();
    private readonly RingTable<EventLane> _lanes;
    private readonly PriorityQueue<EventLane, LaneHead> _heads = new();
    private readonly List<int> _over = [];
    private readonly TimelineEvent[] _run = new TimelineEvent[LongestRun];

    public EventMerger() => _lanes = new RingTable<EventLane>(ring => new EventLane(ring, _pool));

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

    /// <summary>Hands over every event up to and including an instant, oldest first; of one instant those of lowest rank first.</summary>
    /// <remarks>The receiver must not add events while it is being called.</remarks>
    public void Release(Timestamp upTo, EventsReceiver receiver)
    {
        EnqueueAll(upTo);
        while (_heads.TryDequeue(out EventLane? events, out LaneHead head))
        {
            // As long as no other lane is next, there is nothing to put in order: a busy CPU writes many events in a row.
            LaneHead next = _heads.TryPeek(out _, out LaneHead other) ? other : LaneHead.Last;
            do
            {
                int taken = events.Take(_run, head.Lane, upTo, next);
                Count -= taken;
                ReadOnlySpan<TimelineEvent> run = _run.AsSpan(0, taken);
                receiver(run);
                if (run[^1].Kind == EventKind.Exited) RemoveOf(run[^1].Thread);
            }
            while (events.Count > 0 && events.FirstAt <= upTo && new LaneHead(events.FirstAt, events.FirstKind, head.Lane).CompareTo(next) < 0);

            Enqueue(head.Lane, events, upTo);
        }
    }

    private void EnqueueAll(Timestamp upTo)
    {
        _heads.Clear();
        foreach ((int lane, EventLane events) in _lanes.All) Enqueue(lane, events, upTo);
    }

    /// <summary>A thread's ring ends with it; threads come and go, CPUs stay.</summary>
    private void RemoveOf(int thread)
    {
        int lane = LossScope.Thread(thread).Value;
        if (thread > 0 && _lanes.TryGet(lane, out EventLane? events) && events.Count == 0) _lanes.Remove(lane);
    }

    private void Enqueue(int lane, EventLane events, Timestamp upTo)
    {
        if (events.Count > 0 && events.FirstAt <= upTo) _heads.Enqueue(events, new LaneHead(events.FirstAt, events.FirstKind, lane));
    }
}
