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
        foreach ((int lane, EventLane events) in _lanes) Enqueue(lane, events, upTo);
        while (_heads.TryDequeue(out EventLane? events, out (Timestamp At, int Rank, int Lane) head))
        {
            Count--;
            TimelineEvent taken = events.Take();
            receiver(taken);
            // A thread's ring ends with it; threads come and go, CPUs stay.
            bool isOver = taken.Kind == EventKind.Exited && new LossScope(head.Lane).IsThread && events.Count == 0;
            if (isOver) _lanes.Remove(head.Lane);
            else Enqueue(head.Lane, events, upTo);
        }
    }

    private void Enqueue(int lane, EventLane events, Timestamp upTo)
    {
        if (events.Count == 0 || events.First.At > upTo) return;
        _heads.Enqueue(events, (events.First.At, Rank(events.First.Kind), lane));
    }

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
