using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>
/// Events in their order, in blocks of packed ones: a switch or a wake-up takes 16 bytes, any other event its place and the three
/// behind it.
/// </summary>
internal sealed class EventLog(BlockPool<PackedEvent> pool)
{
    /// <summary>Places behind its own that a whole event takes.</summary>
    private static readonly int s_wholePlaces = Unsafe.SizeOf<TimelineEvent>() / Unsafe.SizeOf<PackedEvent>();

    /// <summary>Events that are unpacked at once.</summary>
    private const int LotSize = 1_024;

    private readonly BlockList<PackedEvent> _places = new(pool);

    /// <summary>Events held, a hand-over counted once.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes held, whole blocks.</summary>
    public long Bytes => _places.Bytes;

    /// <summary>Places that fit in before another block is needed.</summary>
    public int Room => _places.Room;

    /// <summary>Places that some events take.</summary>
    public static int PlacesOf(EventRun events) => events.Count + (events.Whole.Length * s_wholePlaces);

    public void Add(EventRun added)
    {
        Count += added.Count;
        ReadOnlySpan<PackedEvent> places = added.Places;
        int whole = 0;
        for (int i = 0; whole < added.Whole.Length; i++)
        {
            if (!places[i].IsWhole) continue;
            _places.Add(places[..(i + 1)]);
            _places.Add(MemoryMarshal.Cast<TimelineEvent, PackedEvent>(added.Whole.Slice(whole++, 1)));
            places = places[(i + 1)..];
            i = -1;
        }

        _places.Add(places);
    }

    /// <summary>The events, unpacked, of a hand-over both, some at a time. Each lot is valid until the next one is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<TimelineEvent>> Blocks()
    {
        var lot = new TimelineEvent[Math.Min(LotSize, 2 * Count)];
        int unpacked = 0;
        int missing = 0;
        foreach (ReadOnlyMemory<PackedEvent> block in _places.Blocks())
        {
            for (int read = 0; read < block.Length;)
            {
                read += Unpack(block.Span[read..], lot, ref unpacked, ref missing);
                if (read == block.Length) break;
                yield return lot.AsMemory(0, unpacked);
                unpacked = 0;
            }
        }

        if (unpacked > 0) yield return lot.AsMemory(0, unpacked);
    }

    /// <summary>Every thread that came to a CPU, once; 0 for the idle task.</summary>
    public HashSet<int> ThreadsThatRan()
    {
        HashSet<int> threads = [];
        // A CPU goes back and forth between the same few threads, a million times a second.
        Span<int> recent = stackalloc int[256];
        recent.Fill(TimelineEvent.UnknownHolder);
        Span<TimelineEvent> whole = new TimelineEvent[1];
        int missing = 0;
        foreach (ReadOnlyMemory<PackedEvent> block in _places.Blocks())
        {
            foreach (ref readonly PackedEvent place in block.Span)
            {
                if (missing > 0)
                {
                    MemoryMarshal.Cast<TimelineEvent, PackedEvent>(whole)[s_wholePlaces - missing--] = place;
                    if (missing == 0 && whole[0].Kind == EventKind.SwitchIn) threads.Add(whole[0].Thread);
                    continue;
                }

                if (place.IsWhole) missing = s_wholePlaces;
                else if (place.Kind == EventKind.SwitchIn && recent[place.Thread & 0xFF] != place.Thread)
                    threads.Add(recent[place.Thread & 0xFF] = place.Thread);
            }
        }

        return threads;
    }

    /// <summary>Unpacks until the lot has no room for the next or the places are at an end, which may be in the middle of a whole event.</summary>
    /// <param name="places">What comes next.</param>
    /// <param name="lot">Gets the events.</param>
    /// <param name="unpacked">Events in the lot, that in whose middle it is included.</param>
    /// <param name="missing">Places of the last of them that have not been read yet.</param>
    /// <returns>How many places were read.</returns>
    private static int Unpack(ReadOnlySpan<PackedEvent> places, TimelineEvent[] lot, ref int unpacked, ref int missing)
    {
        for (int i = 0; i < places.Length; i++)
        {
            if (missing > 0)
            {
                MemoryMarshal.Cast<TimelineEvent, PackedEvent>(lot.AsSpan(unpacked - 1, 1))[s_wholePlaces - missing--] = places[i];
                continue;
            }

            if (unpacked + (places[i].IsHandOver ? 2 : 1) > lot.Length) return i;
            if (places[i].IsHandOver) lot[unpacked++] = places[i].UnpackLeaving();
            if (places[i].IsWhole) missing = s_wholePlaces;
            else lot[unpacked] = places[i].Unpack();
            unpacked++;
        }

        return places.Length;
    }

    /// <summary>Gives the blocks back. What was read of them must not be used any more.</summary>
    public void Clear()
    {
        _places.Clear();
        Count = 0;
    }
}
