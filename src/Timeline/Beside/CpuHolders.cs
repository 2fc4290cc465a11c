namespace Observatory.Timeline;

/// <summary>Who held one CPU, as far back as somebody still waits for a CPU.</summary>
internal sealed class CpuHolders
{
    /// <summary>Most stretches kept: a wait that spans more ends in holders nobody knows.</summary>
    public const int Most = 16_384;

    private const int Least = 64;
    private readonly List<(int Thread, Timestamp From)> _holders = [(TimelineEvent.UnknownHolder, Timestamp.Zero)];
    private int _pruneAt = Least;

    /// <summary>Who holds it now; 0 when nobody does.</summary>
    public int Now => _holders[^1].Thread;

    /// <summary>Stretches kept.</summary>
    public int Count => _holders.Count;

    /// <summary>From an instant on a thread holds the CPU.</summary>
    /// <param name="thread">The thread, 0 for nobody, or <see cref="TimelineEvent.UnknownHolder"/>.</param>
    /// <param name="from">First instant.</param>
    /// <param name="oldestWait">Since when anybody waits; asked when enough has come together to prune.</param>
    public void Hold(int thread, Timestamp from, Func<Timestamp> oldestWait)
    {
        // What was said about later instants was wrong: this is told late.
        while (_holders.Count > 1 && _holders[^1].From >= from) _holders.RemoveAt(_holders.Count - 1);
        _holders.Add((thread, from));
        if (_holders.Count >= _pruneAt) Prune(oldestWait());
    }

    /// <summary>Tells who held the CPU in a stretch of time, oldest first.</summary>
    public void Tell(Timestamp from, Timestamp to, Action<int, Duration> teller)
    {
        int place = _holders.Count - 1;
        while (place > 0 && _holders[place].From > from) place--;
        if (_holders[place].From > from) teller(TimelineEvent.UnknownHolder, _holders[place].From - from);
        for (; place < _holders.Count; place++)
        {
            Timestamp began = Timestamp.Later(_holders[place].From, from);
            Timestamp ended = place + 1 < _holders.Count ? Timestamp.Earlier(_holders[place + 1].From, to) : to;
            if (ended > began) teller(_holders[place].Thread, ended - began);
        }
    }

    private void Prune(Timestamp oldest)
    {
        int first = _holders.FindLastIndex(holder => holder.From <= oldest);
        first = Math.Max(first, _holders.Count - Most);
        if (first > 0) _holders.RemoveRange(0, first);
        // Doubling keeps the search for the oldest wait rare.
        _pruneAt = Math.Clamp(_holders.Count * 2, Least, Most * 2);
    }
}
