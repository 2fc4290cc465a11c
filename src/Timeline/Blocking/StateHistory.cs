namespace Observatory.Timeline;

/// <summary>
/// What a thread did lately: its last slices one by one with what ended each sleep, what lies further back the coarser. So what
/// it did in a stretch of its past can be asked for at any time, and nothing has to be kept for every instant that may be
/// asked for.
/// </summary>
internal sealed class StateHistory
{
    /// <summary>Most instants kept. When so many have come together, every second one of the older half is dropped.</summary>
    public const int Most = 64;

    private StateTotals[] _entries = [];

    /// <summary>Instants kept.</summary>
    public int Count { get; private set; }

    /// <summary>The counted time at which it begins; that one is never dropped.</summary>
    public Duration Start => Count == 0 ? Duration.Zero : _entries[0].At;

    /// <summary>A slice ended.</summary>
    /// <param name="from">The counted time (see <see cref="AccountClock"/>) at which it began.</param>
    /// <param name="to">The counted time now.</param>
    /// <param name="was">What it was.</param>
    /// <param name="by">What ended it, where it was a sleep.</param>
    public void Add(Duration from, Duration to, ThreadState was, WokenBy by)
    {
        if (Count == 0) Append() = new StateTotals { At = from };
        if (to == from) return;
        ref StateTotals next = ref Append();
        next = _entries[Count - 2];
        next.Charge(was, to - from);
        (next.At, next.Was, next.By, next.IsMixed) = (to, was, by, false);
    }

    /// <summary>The place of the stretch that lies just before an instant; 0 where none does.</summary>
    public int PlaceBefore(Duration instant)
    {
        int place = Count - 1;
        while (place > 0 && _entries[place - 1].At >= instant) place--;
        return Math.Max(place, 0);
    }

    /// <summary>A stretch of its past; places count from 1.</summary>
    public Stretch At(int place)
    {
        ref readonly StateTotals entry = ref _entries[place];
        return new Stretch(_entries[place - 1].At, entry.At, entry.Was, entry.By, entry.IsMixed);
    }

    /// <summary>Time of one state in a stretch that has several.</summary>
    public Duration TimeIn(int place, ThreadState state) => _entries[place].Of(state) - _entries[place - 1].Of(state);

    private ref StateTotals Append()
    {
        if (Count == Most) Thin();
        if (Count == _entries.Length) Array.Resize(ref _entries, Math.Max(8, Count * 2));
        return ref _entries[Count++];
    }

    private void Thin()
    {
        const int older = Most / 2;
        // Each stretch that is kept has the one before it in it from here on; the first of the newer half has the last one that is dropped.
        for (int place = 2; place <= older; place += 2)
        {
            ref StateTotals kept = ref _entries[place / 2];
            kept = _entries[place];
            kept.IsMixed = true;
        }

        Array.Copy(_entries, older + 1, _entries, (older / 2) + 1, Most - older - 1);
        Count = Most - (older / 2);
    }

    /// <summary>Totals up to an instant, what is left of it was unknown; and what ended there.</summary>
    private struct StateTotals
    {
        public Duration At;
        public Duration Running;
        public Duration Preempted;
        public Duration Waking;
        public Duration Blocked;
        public WokenBy By;
        public ThreadState Was;
        public bool IsMixed;

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

        public readonly Duration Of(ThreadState state) => state switch
        {
            ThreadState.Running => Running,
            ThreadState.Preempted => Preempted,
            ThreadState.Waking => Waking,
            ThreadState.Blocked => Blocked,
            _ => Duration.Zero,
        };
    }
}

/// <summary>What ended a sleep.</summary>
/// <param name="Thread">The thread that called, <see cref="TimelineEvent.Interrupt"/> or <see cref="TimelineEvent.UnknownThread"/>.</param>
/// <param name="IsOwn">True for a thread of the target.</param>
internal readonly record struct WokenBy(int Thread, bool IsOwn);

/// <summary>A stretch of a thread's past.</summary>
/// <param name="From">The counted time at which it began.</param>
/// <param name="To">The counted time at which it ended.</param>
/// <param name="State">What the thread did, unless that changed in it.</param>
/// <param name="By">What ended it, where it was a sleep.</param>
/// <param name="IsMixed">True when the thread did more than one thing in it.</param>
internal readonly record struct Stretch(Duration From, Duration To, ThreadState State, WokenBy By, bool IsMixed);
