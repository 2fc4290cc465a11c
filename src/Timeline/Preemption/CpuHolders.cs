using System.Runtime.InteropServices;

namespace Observatory.Timeline;

/// <summary>Which threads held one CPU, as far back as any thread still waits for a CPU.</summary>
internal sealed class CpuHolders
{
    /// <summary>Most stretches kept: of a wait that spans more, the oldest holders are unknown.</summary>
    public const int Most = 16_384;

    private const int Least = 64;
    private readonly List<(int Thread, Timestamp From)> _holders = [(TimelineEvent.UnknownHolder, Timestamp.Zero)];
    private Timestamp? _left;
    private int _pruneAt = Least;

    /// <summary>Stretches kept.</summary>
    public int Count => _holders.Count;

    /// <summary>The holder, an unknown one once it has left and no other has come, and since when.</summary>
    public (int Thread, Timestamp Since) Last =>
        _left is { } left && _holders[^1].Thread != 0 ? (TimelineEvent.UnknownHolder, left) : _holders[^1];

    // A switch takes 0.2 us to some us.
    private static readonly Duration LongestSwitch = new(100_000);

    /// <summary>
    /// True when the idle task had the CPU just before a thread comes. Where the kernel records nothing of a CPU's idle task,
    /// its switches are missing, too: then the last holder has left, and nothing came until the thread did.
    /// </summary>
    public bool WasIdleBefore(int thread, Timestamp now)
    {
        int last = _holders[^1].Thread;
        return last == 0 || (last != TimelineEvent.UnknownHolder && _left is { } left && (last == thread || now - left > LongestSwitch));
    }

    /// <summary>The holder leaves. The next holder has the CPU from here on: the switch itself takes time, too.</summary>
    public void SwitchAway(Timestamp at) => _left = at;

    /// <summary>A thread comes, 0 for the idle task.</summary>
    /// <param name="thread">The thread, or <see cref="TimelineEvent.UnknownHolder"/>.</param>
    /// <param name="at">When.</param>
    /// <param name="oldestWait">Since when any thread waits; asked when enough has come together to prune.</param>
    public void SwitchTo(int thread, Timestamp at, Func<Timestamp> oldestWait)
    {
        Timestamp from = Timestamp.Earlier(_left ?? at, at);
        _left = null;
        // What was said about later instants was wrong: this is told late.
        while (_holders.Count > 1 && _holders[^1].From >= from) _holders.RemoveAt(_holders.Count - 1);
        _holders.Add((thread, from));
        if (_holders.Count >= _pruneAt) Prune(oldestWait());
    }

    /// <summary>Calls for each thread that held the CPU in a stretch of time, oldest first.</summary>
    public void ForEachHolder(Timestamp from, Timestamp to, Action<int, Duration> charge)
    {
        int place = PlaceAt(from);
        if (_holders[place].From > from) charge(TimelineEvent.UnknownHolder, _holders[place].From - from);
        for (; place < _holders.Count; place++)
        {
            Timestamp began = Timestamp.Later(_holders[place].From, from);
            Timestamp ended = place + 1 < _holders.Count ? Timestamp.Earlier(_holders[place + 1].From, to) : to;
            if (ended > began) charge(_holders[place].Thread, ended - began);
        }
    }

    /// <summary>Adds up the holders of a stretch of time.</summary>
    /// <param name="from">Its beginning.</param>
    /// <param name="to">Its end.</param>
    /// <param name="into">Gets the time of every thread but the idle one.</param>
    /// <returns>How long the CPU was idle.</returns>
    public Duration AddUp(Timestamp from, Timestamp to, HolderTimes into)
    {
        Duration idle = Duration.Zero;
        Timestamp ended = to;
        // From the last one back, so that each is looked at once, and what came later is passed over.
        ReadOnlySpan<(int Thread, Timestamp From)> holders = CollectionsMarshal.AsSpan(_holders);
        for (int place = PlaceAt(to); place >= 0 && ended > from; place--)
        {
            (int thread, Timestamp began) = holders[place];
            Timestamp since = Timestamp.Later(began, from);
            if (since >= ended) continue;
            if (thread == 0) idle += ended - since;
            else into.Add(thread, ended - since);
            ended = since;
        }

        return idle;
    }

    /// <summary>Until when the CPU was never idle from an instant on, but not beyond another.</summary>
    public Timestamp BusyUntil(Timestamp from, Timestamp to)
    {
        for (int place = PlaceAt(from); place < _holders.Count; place++)
        {
            if (_holders[place].Thread == 0) return Timestamp.Later(from, Timestamp.Earlier(_holders[place].From, to));
        }

        return to;
    }

    /// <summary>The stretch in which an instant lies; the first one for those that are forgotten.</summary>
    private int PlaceAt(Timestamp from)
    {
        // Thousands of stretches lie in a long wait, and every thread of the target that had another CPU meanwhile asks for one of them.
        ReadOnlySpan<(int Thread, Timestamp From)> holders = CollectionsMarshal.AsSpan(_holders);
        int first = 0;
        int last = holders.Length - 1;
        while (first < last)
        {
            int middle = (first + last + 1) / 2;
            if (holders[middle].From > from) last = middle - 1;
            else first = middle;
        }

        return first;
    }

    private void Prune(Timestamp oldest)
    {
        int first = Math.Max(PlaceAt(oldest), _holders.Count - Most);
        if (first > 0) _holders.RemoveRange(0, first);
        // Doubling keeps the search for the oldest wait rare.
        _pruneAt = Math.Clamp(_holders.Count * 2, Least, Most * 2);
    }
}

/// <summary>How long each of some threads had CPUs. Made for the few that take turns on a CPU: they are found without a hash.</summary>
internal sealed class HolderTimes
{
    private readonly Dictionary<int, int> _places = [];
    private readonly List<(int Thread, Duration Time)> _times = [];
    private int _newest;
    private int _before;

    /// <summary>Every thread once.</summary>
    public ReadOnlySpan<(int Thread, Duration Time)> All => CollectionsMarshal.AsSpan(_times);

    /// <summary>Adds time of a thread.</summary>
    public void Add(int thread, Duration time)
    {
        Span<(int Thread, Duration Time)> times = CollectionsMarshal.AsSpan(_times);
        if (_newest >= times.Length || times[_newest].Thread != thread)
        {
            (_newest, _before) = (_before, _newest);
            if (_newest >= times.Length || times[_newest].Thread != thread) _newest = PlaceOf(thread);
            times = CollectionsMarshal.AsSpan(_times);
        }

        times[_newest].Time += time;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _places.Clear();
        _times.Clear();
        (_newest, _before) = (0, 0);
    }

    private int PlaceOf(int thread)
    {
        if (_places.TryGetValue(thread, out int place)) return place;
        _places.Add(thread, _times.Count);
        _times.Add((thread, Duration.Zero));
        return _times.Count - 1;
    }
}
