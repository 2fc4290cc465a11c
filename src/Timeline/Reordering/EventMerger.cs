namespace Observatory.Timeline;

/// <summary>Receives events in the order of the timeline, some at a time.</summary>
/// <param name="events">Valid until the call returns.</param>
public delegate void EventsReceiver(ReadOnlySpan<TimelineEvent> events);

/// <summary>Merges lanes into one stream in the order of time. Lanes are few (a CPU each, one for the runtime).</summary>
internal sealed class EventMerger
{
    /// <summary>Most events that are handed over at once.</summary>
    private const int LongestRun = 64;

    private readonly RingTable<EventLane> _lanes = new();
    private readonly PriorityQueue<EventLane, Head> _heads = new();
    private readonly List<int> _over = [];

    /// <summary>Events held over all lanes.</summary>
    public int Count { get; private set; }

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
        while (_heads.TryDequeue(out EventLane? events, out Head head))
        {
            // As long as no other lane is next, there is nothing to put in order: a busy CPU writes many events in a row.
            Head next = _heads.TryPeek(out _, out Head other) ? other : Head.Last;
            do
            {
                ReadOnlySpan<TimelineEvent> run = Run(events.Oldest, head.Lane, upTo, next);
                receiver(run);
                events.Drop(run.Length);
                Count -= run.Length;
                if (run[^1].Kind == EventKind.Exited) RemoveOf(run[^1].Thread);
            }
            while (events.Count > 0 && events.First.At <= upTo && new Head(events.First, head.Lane).CompareTo(next) < 0);

            Enqueue(head.Lane, events, upTo);
        }
    }

    /// <summary>The first event, and those behind it that come before every other lane's. An exit is the last of a run.</summary>
    private static ReadOnlySpan<TimelineEvent> Run(ReadOnlySpan<TimelineEvent> oldest, int lane, Timestamp upTo, in Head next)
    {
        int length = 1;
        int most = Math.Min(oldest.Length, LongestRun);
        while (length < most
            && oldest[length - 1].Kind != EventKind.Exited
            && oldest[length].At <= upTo
            && new Head(oldest[length], lane).CompareTo(next) < 0) length++;
        return oldest[..length];
    }

    private void EnqueueAll(Timestamp upTo)
    {
        _heads.Clear();
        _over.Clear();
        foreach ((int lane, EventLane events) in _lanes.All)
        {
            events.Trim();
            if (new LossScope(lane).IsThread && events.IsUnused()) _over.Add(lane);
            else Enqueue(lane, events, upTo);
        }

        foreach (int lane in _over) _lanes.Remove(lane);
    }

    /// <summary>A thread's ring ends with it; threads come and go, CPUs stay.</summary>
    private void RemoveOf(int thread)
    {
        int lane = LossScope.Thread(thread).Value;
        if (thread > 0 && _lanes.TryGet(lane, out EventLane? events) && events.Count == 0) _lanes.Remove(lane);
    }

    private void Enqueue(int lane, EventLane events, Timestamp upTo)
    {
        if (events.Count > 0 && events.First.At <= upTo) _heads.Enqueue(events, new Head(events.First, lane));
    }

    /// <summary>The place of a lane's first event among those of all lanes: by time, then by rank, then by lane.</summary>
    private readonly struct Head : IComparable<Head>
    {
        private readonly long _at;
        private readonly long _place;

        public Head(in TimelineEvent first, int lane) => (_at, _place) = (first.At.Nanoseconds, ((long)Rank(first.Kind) << 32) + lane);

        private Head(long at, long place) => (_at, _place) = (at, place);

        /// <summary>Behind every event.</summary>
        public static Head Last => new(long.MaxValue, long.MaxValue);

        public int Lane => (int)_place;

        public int CompareTo(Head other) => _at != other._at ? _at.CompareTo(other._at) : _place.CompareTo(other._place);

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
}

/// <summary>
/// Events of one stream, in the order of their times. Streams arrive almost sorted, so an event is put in place from
/// the end; equal times keep the order of arrival.
/// </summary>
internal sealed class EventLane
{
    /// <summary>Visits after which a lane without events gets none any more, and room that is not used is not needed: some seconds.</summary>
    private const int MostUnused = 64;

    /// <summary>Room that is kept however little is held: some 200 kB.</summary>
    private const int KeptRoom = 4_096;

    private TimelineEvent[] _ring = new TimelineEvent[8];
    private int _first;
    private int _unused;
    private int _quiet;

    /// <summary>Events held.</summary>
    public int Count { get; private set; }

    /// <summary>The oldest event held; only valid while <see cref="Count"/> is positive.</summary>
    public ref readonly TimelineEvent First => ref _ring[_first];

    /// <summary>The oldest events held, as many as lie side by side; at least one while <see cref="Count"/> is positive.</summary>
    public ReadOnlySpan<TimelineEvent> Oldest => _ring.AsSpan(_first, Math.Min(Count, _ring.Length - _first));

    /// <summary>Events that there is room for.</summary>
    public int Room => _ring.Length;

    /// <summary>
    /// A visit. Gives back half of the room that a flood has left, once little of it has been used for some seconds; visit by visit
    /// all of it. Not sooner: how much is held rises and falls with the lag of the runtime's events, and room that comes and
    /// goes is garbage of its size each time.
    /// </summary>
    public void Trim()
    {
        _quiet = Count < _ring.Length / 8 ? _quiet + 1 : 0;
        if (_ring.Length > KeptRoom && _quiet > MostUnused) Resize(_ring.Length / 2);
    }

    /// <summary>A visit. True when it has been found without events again and again.</summary>
    public bool IsUnused()
    {
        if (Count > 0) _unused = 0;
        return Count == 0 && ++_unused > MostUnused;
    }

    /// <summary>Puts an event behind every held event that is not later than it.</summary>
    public void Add(in TimelineEvent added)
    {
        if (Count == _ring.Length) Resize(_ring.Length * 2);
        int place = Count++;
        while (place > 0 && _ring[Index(place - 1)].At > added.At)
        {
            _ring[Index(place)] = _ring[Index(place - 1)];
            place--;
        }

        _ring[Index(place)] = added;
    }

    /// <summary>Removes the oldest events.</summary>
    public void Drop(int count)
    {
        _first = Index(count);
        Count -= count;
    }

    // The length is a power of two.
    private int Index(int offset) => (_first + offset) & (_ring.Length - 1);

    private void Resize(int length)
    {
        var ring = new TimelineEvent[length];
        for (int i = 0; i < Count; i++) ring[i] = _ring[Index(i)];
        _ring = ring;
        _first = 0;
    }
}
