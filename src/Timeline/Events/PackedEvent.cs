using System.Runtime.InteropServices;

namespace Observatory.Timeline;

/// <summary>What has a place on the timeline.</summary>
internal interface ITimed
{
    Timestamp At { get; }
}

/// <summary>
/// A switch or a wake-up in 16 bytes, of which a busy machine has a million a second; or the place of an event that needs more and is
/// kept whole elsewhere.
/// </summary>
/// <remarks>
/// <code>
///   bits   0-4    5-16                                          17-39    40-62            63
///          kind   CPU, or 4095: the ring of the event's thread   thread   process, waker   kept whole
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly struct PackedEvent : ITimed
{
    private const int KindBits = 5;
    private const int CpuBits = 12;
    private const uint OwnRing = (1u << CpuBits) - 1;

    // Thread and process ids are below 2^22; wakers that are no thread, and threads without a name, are a few negative numbers.
    private const int IdBits = 23;
    private const int LowestId = -8;
    private const uint IdMask = (1u << IdBits) - 1;
    private const int ThreadAt = KindBits + CpuBits;
    private const int ProcessAt = ThreadAt + IdBits;
    private const int WholeBit = 63;

    private readonly long _at;
    private readonly ulong _what;

    private PackedEvent(Timestamp at, ulong what) => (_at, _what) = (at.Nanoseconds, what);

    /// <summary>Its place on the timeline.</summary>
    public Timestamp At => new(_at);

    /// <summary>What happened.</summary>
    public EventKind Kind => (EventKind)(_what & ((1u << KindBits) - 1));

    /// <summary>The event itself is kept elsewhere; of this one only the time and the kind mean something.</summary>
    public bool IsWhole => _what >> WholeBit != 0;

    /// <summary>True for a thread that takes or leaves a CPU.</summary>
    public bool IsSwitch => Kind <= EventKind.Exited;

    /// <summary>Kernel thread id, or <see cref="TimelineEvent.ExitingThread"/>.</summary>
    public int Thread => (int)((uint)(_what >> ThreadAt) & IdMask) + LowestId;

    /// <summary>Process of <see cref="Thread"/>; of a wake-up, its waker.</summary>
    public int Process => (int)((uint)(_what >> ProcessAt) & IdMask) + LowestId;

    /// <summary>The CPU, or the ring of the thread: <see cref="TimelineEvent.Cpu"/>.</summary>
    public int Cpu
    {
        get
        {
            uint cpu = (uint)(_what >> KindBits) & OwnRing;
            return cpu != OwnRing ? (int)cpu : LossScope.Thread(Thread).Value;
        }
    }

    /// <summary>Marks the place of an event that is kept whole.</summary>
    public static PackedEvent PlaceOf(in TimelineEvent whole) => new(whole.At, (byte)whole.Kind | (1UL << WholeBit));

    /// <summary>Packs an event that came in time. False where it does not fit: it has to be kept whole.</summary>
    public static bool TryPack(in TimelineEvent happened, out PackedEvent packed) =>
        TryPack(happened.At, happened.Kind, happened.Cpu, happened.Thread, happened.Process, out packed) && !happened.IsLate;

    /// <summary>Packs a switch or a wake-up from its parts.</summary>
    public static bool TryPack(Timestamp at, EventKind kind, int ring, int thread, int process, out PackedEvent packed)
    {
        uint cpu = (uint)ring < OwnRing ? (uint)ring : OwnRing;
        uint threadBits = (uint)(thread - LowestId);
        uint processBits = (uint)(process - LowestId);
        packed = new PackedEvent(at, (byte)kind | (cpu << KindBits) | ((ulong)threadBits << ThreadAt) | ((ulong)processBits << ProcessAt));
        return kind <= EventKind.Waking && (threadBits | processBits) <= IdMask && (cpu != OwnRing || ring == LossScope.Thread(thread).Value);
    }

    /// <summary>The event; not of a place.</summary>
    public TimelineEvent Unpack() => TimelineEvent.OfRing(At, Kind, Cpu, Thread, Process);
}

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
