using System.Runtime.InteropServices;

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
/// <param name="ring">The ring whose switches these are (<see cref="TimelineEvent.Cpu"/>); anything else for a lane that has none.</param>
/// <param name="pool">Where memory comes from.</param>
internal sealed class EventLane(int ring, LanePool pool)
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
        if (PackedEvent.TryPack(added, ring, out PackedEvent packed))
        {
            _places.Add(packed);
            return;
        }

        _places.Add(PackedEvent.PlaceOf(added));
        _whole.Add(new WholeEvent(added));
    }

    /// <summary>
    /// Takes the oldest event, and those behind it that come before every other lane's; as many as there is room for. An exit is the
    /// last of those that are taken at once.
    /// </summary>
    /// <param name="into">Room for at least one.</param>
    /// <param name="lane">This lane's number.</param>
    /// <param name="upTo">The last instant to take.</param>
    /// <param name="next">The first event of the other lanes.</param>
    /// <returns>How many were taken.</returns>
    public int Take(Span<TimelineEvent> into, int lane, Timestamp upTo, in LaneHead next)
    {
        ReadOnlySpan<PackedEvent> oldest = _places.Oldest;
        int most = Math.Min(oldest.Length, into.Length);
        int count = 0;
        do
        {
            ref readonly PackedEvent place = ref oldest[count];
            into[count++] = place.IsWhole ? TakeWhole() : place.Unpack(ring);
            if (place.Kind == EventKind.Exited) break;
        }
        while (count < most && oldest[count].At <= upTo && new LaneHead(oldest[count].At, oldest[count].Kind, lane).CompareTo(next) < 0);

        _places.Drop(count);
        return count;
    }

    private TimelineEvent TakeWhole()
    {
        TimelineEvent first = _whole.First.Event;
        _whole.Drop(1);
        return first;
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
    private static long RankOf(EventKind kind) => kind switch
    {
        EventKind.LossEnded => 0,
        EventKind.SwitchOut or EventKind.Preempted or EventKind.Exited => 1,
        EventKind.Waking => 2,
        EventKind.SwitchIn => 3,
        _ => 4,
    };
}

/// <summary>A switch or a wake-up of a ring in 16 bytes, or the place of an event that needs more.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct PackedEvent : ITimed
{
    // Thread and process ids are below 2^22; wakers that are no thread, and threads without a name, are a few negative numbers.
    private const int IdBits = 23;
    private const int LowestId = -8;
    private const uint IdMask = (1u << IdBits) - 1;
    private const int WholeBit = 63;

    private readonly long _at;
    private readonly ulong _what;

    private PackedEvent(Timestamp at, ulong what) => (_at, _what) = (at.Nanoseconds, what);

    public Timestamp At => new(_at);

    public EventKind Kind => (EventKind)(_what & 0xff);

    /// <summary>The event itself is kept elsewhere.</summary>
    public bool IsWhole => _what >> WholeBit != 0;

    public static PackedEvent PlaceOf(in TimelineEvent whole) => new(whole.At, (byte)whole.Kind | (1UL << WholeBit));

    public static bool TryPack(in TimelineEvent happened, int ring, out PackedEvent packed)
    {
        uint thread = (uint)(happened.Thread - LowestId);
        uint process = (uint)(happened.Process - LowestId);
        packed = new PackedEvent(happened.At, (byte)happened.Kind | ((ulong)thread << 8) | ((ulong)process << (8 + IdBits)));
        return happened.Kind <= EventKind.Waking && happened.Cpu == ring && !happened.IsLate && (thread | process) <= IdMask;
    }

    public TimelineEvent Unpack(int ring)
    {
        int thread = (int)((uint)(_what >> 8) & IdMask) + LowestId;
        int process = (int)((uint)(_what >> (8 + IdBits)) & IdMask) + LowestId;
        return TimelineEvent.OfRing(At, Kind, ring, thread, process);
    }
}
