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
///   bits   0-4    5-16                                          17-39    40-62                     63
///          kind   CPU, or 4095: the ring of the event's thread   thread   process, waker, who left   kept whole
/// </code>
/// A hand-over is two switches in one: a CPU passes from one thread to another, and neither is of the target. Most of what a busy
/// machine does is that; of the second thread it has no process, and its time is that at which the first one left.
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

    // Kinds that only a packed event has: a hand-over from a thread that gave the CPU up, and from one that lost it.
    private const uint KindMask = (1u << KindBits) - 1;
    private const uint FirstHandOver = 30;
    private const uint HandOverFrom = FirstHandOver - (uint)EventKind.SwitchOut;

    private readonly long _at;
    private readonly ulong _what;

    private PackedEvent(Timestamp at, ulong what) => (_at, _what) = (at.Nanoseconds, what);

    private PackedEvent(Timestamp at, uint kind, uint cpu, uint threadBits, uint secondBits)
        : this(at, kind | (cpu << KindBits) | ((ulong)threadBits << ThreadAt) | ((ulong)secondBits << ProcessAt))
    {
    }

    /// <summary>Its place on the timeline.</summary>
    public Timestamp At => new(_at);

    /// <summary>What happened; a hand-over is the coming of its second thread.</summary>
    public EventKind Kind => IsHandOver ? EventKind.SwitchIn : (EventKind)RawKind;

    /// <summary>True for two switches in one: <see cref="UnpackLeaving"/> and <see cref="Unpack"/>.</summary>
    public bool IsHandOver => RawKind >= FirstHandOver;

    /// <summary>The event itself is kept elsewhere; of this one only the time and the kind mean something.</summary>
    public bool IsWhole => _what >> WholeBit != 0;

    /// <summary>True for a thread that takes or leaves a CPU.</summary>
    public bool IsSwitch => Kind <= EventKind.Exited;

    /// <summary>Kernel thread id, or <see cref="TimelineEvent.ExitingThread"/>.</summary>
    public int Thread => (int)((uint)(_what >> ThreadAt) & IdMask) + LowestId;

    /// <summary>Process of <see cref="Thread"/>, 0 where that is not told; of a wake-up, its waker.</summary>
    public int Process => IsHandOver ? 0 : Second;

    /// <summary>The thread that left the CPU; only of a hand-over.</summary>
    public int Leaving => Second;

    /// <summary>The CPU, or the ring of the thread: <see cref="TimelineEvent.Cpu"/>.</summary>
    public int Cpu
    {
        get
        {
            uint cpu = RawCpu;
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
        packed = new PackedEvent(at, (uint)kind, cpu, threadBits, processBits);
        return kind <= EventKind.Waking && (threadBits | processBits) <= IdMask && (cpu != OwnRing || ring == LossScope.Thread(thread).Value);
    }

    /// <summary>Packs two switches that follow one another in the ring of a CPU, of threads that are not of the target.</summary>
    /// <param name="at">When the first thread left.</param>
    /// <param name="isPreempted">It lost the CPU; else it gave it up.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="leaving">The first thread.</param>
    /// <param name="coming">The second thread.</param>
    /// <param name="packed">The two.</param>
    /// <returns>False where they do not fit, or one of the threads has no id.</returns>
    public static bool TryPackHandOver(Timestamp at, bool isPreempted, int cpu, int leaving, int coming, out PackedEvent packed)
    {
        uint kind = (uint)(isPreempted ? EventKind.Preempted : EventKind.SwitchOut) + HandOverFrom;
        packed = new PackedEvent(at, kind, (uint)cpu & OwnRing, (uint)(coming - LowestId), (uint)(leaving - LowestId));
        return (uint)cpu < OwnRing && (uint)leaving <= IdMask + LowestId && (uint)coming <= IdMask + LowestId;
    }

    /// <summary>How many events at the beginning are of the ring of one CPU. 1 where the first is of a thread's ring, 0 where it is the place of one that is kept whole.</summary>
    public static int CountOfOneRing(ReadOnlySpan<PackedEvent> places)
    {
        if (places.IsEmpty || places[0].IsWhole) return 0;
        const ulong ofRing = (1UL << WholeBit) | ((ulong)OwnRing << KindBits);
        ulong ring = places[0]._what & ofRing;
        int count = 1;
        while (places[0].RawCpu != OwnRing && count < places.Length && (places[count]._what & ofRing) == ring) count++;
        return count;
    }

    /// <summary>The event, of a hand-over the coming of its second thread; not of a place.</summary>
    public TimelineEvent Unpack() => TimelineEvent.OfRing(At, Kind, Cpu, Thread, Process);

    /// <summary>How the first thread of a hand-over left.</summary>
    public TimelineEvent UnpackLeaving() => TimelineEvent.OfRing(At, (EventKind)(RawKind - HandOverFrom), Cpu, Leaving, process: 0);

    private uint RawKind => (uint)_what & KindMask;

    private uint RawCpu => (uint)(_what >> KindBits) & OwnRing;

    private int Second => (int)((uint)(_what >> ProcessAt) & IdMask) + LowestId;
}

/// <summary>Receives events in their order, some at a time.</summary>
/// <param name="events">Valid until the call returns.</param>
public delegate void EventsReceiver(EventRun events);

/// <summary>Events in their order, most of them packed.</summary>
/// <param name="places">Each event, or its place; a hand-over is one.</param>
/// <param name="whole">Those that are kept whole, in the order of their places.</param>
public readonly ref struct EventRun(ReadOnlySpan<PackedEvent> places, ReadOnlySpan<TimelineEvent> whole)
{
    /// <summary>Each event, or the place of one that is kept whole.</summary>
    public ReadOnlySpan<PackedEvent> Places { get; } = places;

    /// <summary>Those that are kept whole, in the order of their places.</summary>
    public ReadOnlySpan<TimelineEvent> Whole { get; } = whole;

    /// <summary>How many events, a hand-over counted once.</summary>
    public int Count => Places.Length;

    /// <summary>A copy of every event, of a hand-over both.</summary>
    public TimelineEvent[] ToArray()
    {
        List<TimelineEvent> events = [];
        foreach (TimelineEvent happened in this) events.Add(happened);
        return [.. events];
    }

    /// <summary>Every event, unpacked.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Unpacks one event after another.</summary>
    public ref struct Enumerator
    {
        private readonly EventRun _run;
        private int _place = -1;
        private int _whole = -1;
        private bool _isLeaving;

        internal Enumerator(EventRun run) => _run = run;

        /// <summary>The present event.</summary>
        public readonly TimelineEvent Current
        {
            get
            {
                ref readonly PackedEvent place = ref _run.Places[_place];
                return place.IsWhole ? _run.Whole[_whole] : _isLeaving ? place.UnpackLeaving() : place.Unpack();
            }
        }

        /// <summary>Goes on to the next. False when there is none.</summary>
        public bool MoveNext()
        {
            // A thread has left, and the one that took the CPU from it comes.
            if (_isLeaving)
            {
                _isLeaving = false;
                return true;
            }

            if (++_place >= _run.Count) return false;
            if (_run.Places[_place].IsWhole) _whole++;
            else _isLeaving = _run.Places[_place].IsHandOver;
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

    /// <summary>Adds two switches as one.</summary>
    /// <returns>False where they are no hand-over: <see cref="PackedEvent.TryPackHandOver"/>; then nothing has changed.</returns>
    public bool TryAddHandOver(Timestamp at, bool isPreempted, int cpu, int leaving, int coming)
    {
        bool isHandOver = PackedEvent.TryPackHandOver(at, isPreempted, cpu, leaving, coming, out PackedEvent packed);
        if (isHandOver) _places.Add(packed);
        return isHandOver;
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
