namespace Observatory.Timeline;

/// <summary>
/// Events of one stream, in the order of their times. Streams arrive almost sorted, so an event is put in place from
/// the end; equal times keep the order of arrival.
/// </summary>
/// <remarks>
/// Switches and wake-ups, of which a busy machine has a million a second, take 16 bytes each; what does not fit has its place
/// among them and is kept whole beside them. Both are sorted by the same rule, so the first place without an event of its own
/// is that of the first whole one.
/// </remarks>
/// <param name="pool">Where memory comes from.</param>
internal sealed class EventLane(LanePool pool)
{
    /// <summary>Visits after which a lane without events gets none any more: some seconds.</summary>
    private const int MostUnused = 64;

    private readonly PagedQueue<PackedEvent> _places = new(pool.Places);
    private readonly PagedQueue<WholeEvent> _whole = new(pool.Whole);
    private int _unused;

    /// <summary>Events held.</summary>
    public int Count => _places.Count;

    /// <summary>Memory that they take.</summary>
    public long Bytes => _places.HeldBytes + _whole.HeldBytes;

    /// <summary>When the oldest happened; only valid while <see cref="Count"/> is positive.</summary>
    public Timestamp FirstAt => _places.First.At;

    /// <summary>What the oldest is; only valid while <see cref="Count"/> is positive.</summary>
    public EventKind FirstKind => _places.First.Kind;

    /// <summary>A visit. True when it has been found without events again and again.</summary>
    public bool IsUnused()
    {
        if (Count > 0) _unused = 0;
        return Count == 0 && ++_unused > MostUnused;
    }

    /// <summary>Puts an event behind every held event that is not later than it.</summary>
    public void Add(in TimelineEvent added)
    {
        if (PackedEvent.TryPack(added, out PackedEvent packed))
        {
            _places.Add(packed);
            return;
        }

        _places.Add(PackedEvent.PlaceOf(added));
        _whole.Add(new WholeEvent(added));
    }

    /// <summary>The same with one that is packed already.</summary>
    public void Add(in PackedEvent added) => _places.Add(added);

    /// <summary>The same with some in the order of time.</summary>
    public void Add(ReadOnlySpan<PackedEvent> added) => _places.Add(added);

    /// <summary>
    /// Takes the oldest event, and those behind it that come before every other lane's; as many as there is room for. An exit is the
    /// last of those that are taken at once.
    /// </summary>
    /// <param name="into">Has room for at least one.</param>
    /// <param name="lane">This lane's number.</param>
    /// <param name="upTo">The last instant to take.</param>
    /// <param name="next">The first event of the other lanes.</param>
    /// <returns>The last one that was taken; of a whole one its place.</returns>
    public PackedEvent Take(ReleasedEvents into, int lane, Timestamp upTo, in LaneHead next)
    {
        ReadOnlySpan<PackedEvent> oldest = _places.Oldest;
        oldest = oldest[..Math.Min(oldest.Length, into.Room)];
        int count = 0;
        do
        {
            ref readonly PackedEvent taken = ref oldest[count++];
            into.Add(taken);
            if (taken.IsWhole) TakeWhole(into);
            if (taken.Kind == EventKind.Exited) break;
        }
        while (count < oldest.Length && oldest[count].At <= upTo && new LaneHead(oldest[count].At, oldest[count].Kind, lane).CompareTo(next) < 0);

        PackedEvent last = oldest[count - 1];
        _places.Drop(count);
        return last;
    }

    private void TakeWhole(ReleasedEvents into)
    {
        into.AddWhole(_whole.First.Event);
        _whole.Drop(1);
    }

    /// <summary>An event that does not fit into 16 bytes.</summary>
    internal readonly struct WholeEvent(in TimelineEvent whole) : ITimed
    {
        public readonly TimelineEvent Event = whole;

        public Timestamp At => Event.At;
    }
}

/// <summary>The place of a lane's first event among those of all lanes: by time, then by rank, then by lane.</summary>
internal readonly struct LaneHead : IComparable<LaneHead>
{
    private readonly long _at;
    private readonly long _place;

    public LaneHead(Timestamp at, EventKind kind, int lane) => (_at, _place) = (at.Nanoseconds, (RankOf(kind) << 32) + lane);

    private LaneHead(long at, long place) => (_at, _place) = (at, place);

    /// <summary>Behind every event.</summary>
    public static LaneHead Last => new(long.MaxValue, long.MaxValue);

    public int Lane => (int)_place;

    public int CompareTo(LaneHead other) => _at != other._at ? _at.CompareTo(other._at) : _place.CompareTo(other._place);

    // Where the clock is coarse (arm64 steps by 40 ns), a thread leaves one CPU, is woken and taken in by another at one
    // instant; a thread that tells something is on a CPU already.
    private static long RankOf(EventKind kind) => kind <= EventKind.Waking ? RanksOfScheduler[(int)kind] : kind == EventKind.LossEnded ? 0 : 4;

    /// <summary>Of a thread that comes, leaves in one of three ways, or is woken.</summary>
    private static ReadOnlySpan<byte> RanksOfScheduler => [3, 1, 1, 1, 2];
}

/// <summary>The lanes that have something to hand over, the one whose first event comes before all others' in front: a binary heap.</summary>
internal sealed class LaneHeads
{
    private (EventLane Lane, LaneHead Head)[] _heap = new (EventLane, LaneHead)[16];

    public int Count { get; private set; }

    public (EventLane Lane, LaneHead Head) First => _heap[0];

    /// <summary>The head of the lane that comes second; behind every event where there is none.</summary>
    public LaneHead Second => Count switch
    {
        1 => LaneHead.Last,
        2 => _heap[1].Head,
        _ => _heap[1].Head.CompareTo(_heap[2].Head) < 0 ? _heap[1].Head : _heap[2].Head,
    };

    public void Clear()
    {
        Array.Clear(_heap, 0, Count);
        Count = 0;
    }

    public void Add(EventLane lane, LaneHead head)
    {
        if (Count == _heap.Length) Array.Resize(ref _heap, 2 * Count);
        int place = Count++;
        for (int above = (place - 1) / 2; place > 0 && head.CompareTo(_heap[above].Head) < 0; above = (place - 1) / 2)
        {
            _heap[place] = _heap[above];
            place = above;
        }

        _heap[place] = (lane, head);
    }

    /// <summary>The first lane begins later now.</summary>
    public void ReplaceFirst(LaneHead head) => Sink((_heap[0].Lane, head));

    /// <summary>The first lane has nothing left.</summary>
    public void RemoveFirst()
    {
        (EventLane, LaneHead) last = _heap[--Count];
        _heap[Count] = default;
        if (Count > 0) Sink(last);
    }

    /// <summary>Puts a lane in its place, from the front on.</summary>
    private void Sink((EventLane Lane, LaneHead Head) sinking)
    {
        int place = 0;
        for (int below = 1; below < Count; below = (2 * place) + 1)
        {
            if (below + 1 < Count && _heap[below + 1].Head.CompareTo(_heap[below].Head) < 0) below++;
            if (sinking.Head.CompareTo(_heap[below].Head) <= 0) break;
            _heap[place] = _heap[below];
            place = below;
        }

        _heap[place] = sinking;
    }
}
