namespace Observatory.Timeline;

/// <summary>
/// How long a thread was in each state up to some instants of its past: exactly for its last slices, the further back the
/// coarser. So what it did since an instant can be asked for at any time, and nothing has to be kept for every instant that
/// may be asked for.
/// </summary>
internal sealed class StateHistory
{
    /// <summary>Most instants kept. When so many have come together, every second one of the older half is dropped.</summary>
    public const int Most = 64;

    private Entry[] _entries = [];

    /// <summary>Instants kept.</summary>
    public int Count { get; private set; }

    /// <summary>A slice ended.</summary>
    /// <param name="from">The counted time (see <see cref="AccountClock"/>) at which it began.</param>
    /// <param name="to">The counted time now.</param>
    /// <param name="was">What it was.</param>
    public void Add(Duration from, Duration to, ThreadState was)
    {
        if (Count == 0) Append(new Entry { At = from });
        if (to == from) return;
        Entry next = _entries[Count - 1];
        next.Charge(was, to - from);
        next.At = to;
        Append(next);
    }

    /// <summary>How long it was in each state since an instant; unknown where it cannot be told.</summary>
    /// <param name="since">The counted time.</param>
    /// <param name="last">When its last slice began, which has not ended.</param>
    /// <param name="now">The counted time now.</param>
    /// <param name="state">What it does now.</param>
    public StateTimes Since(Duration since, Duration last, Duration now, ThreadState state)
    {
        var times = default(StateTimes);
        times[AccountStates.From(state)] += now - (last > since ? last : since);
        int place = FirstAfter(since);
        if (place == Count) return times;
        AddDifference(ref times, _entries[place], _entries[Count - 1]);
        if (place > 0) AddPart(ref times, _entries[place - 1], _entries[place], since);
        return times;
    }

    private int FirstAfter(Duration since)
    {
        int place = Count;
        while (place > 0 && _entries[place - 1].At > since) place--;
        return place;
    }

    /// <summary>Of a stretch in which it was in one state only, what lies behind an instant is that state.</summary>
    private static void AddPart(ref StateTimes times, in Entry before, in Entry after, Duration since)
    {
        var stretch = default(StateTimes);
        AddDifference(ref stretch, before, after);
        Duration length = after.At - before.At;
        foreach (AccountState state in StateTimes.States)
        {
            if (stretch[state] == length) times[state] += after.At - since;
        }
    }

    private static void AddDifference(ref StateTimes times, in Entry before, in Entry after)
    {
        times[AccountState.Running] += after.Running - before.Running;
        times[AccountState.Preempted] += after.Preempted - before.Preempted;
        times[AccountState.Waking] += after.Waking - before.Waking;
        times[AccountState.Blocked] += after.Blocked - before.Blocked;
    }

    private void Append(in Entry entry)
    {
        if (Count == Most) Thin();
        if (Count == _entries.Length) Array.Resize(ref _entries, Math.Max(8, Count * 2));
        _entries[Count++] = entry;
    }

    private void Thin()
    {
        int kept = 0;
        for (int place = 0; place < Count; place++)
        {
            if (place >= Most / 2 || place % 2 == 0) _entries[kept++] = _entries[place];
        }

        Count = kept;
    }

    /// <summary>Totals up to an instant. What is left of it was unknown.</summary>
    private struct Entry
    {
        public Duration At;
        public Duration Running;
        public Duration Preempted;
        public Duration Waking;
        public Duration Blocked;

        public void Charge(ThreadState was, Duration time)
        {
            switch (was)
            {
                case ThreadState.Running: Running += time; break;
                case ThreadState.Preempted: Preempted += time; break;
                case ThreadState.Waking: Waking += time; break;
                case ThreadState.Blocked: Blocked += time; break;
            }
        }
    }
}
