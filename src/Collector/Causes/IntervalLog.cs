using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Intervals in the order of their ends, the newest ones, and what they weigh inside a window. For any thread.</summary>
/// <typeparam name="T">What is known of each.</typeparam>
/// <param name="most">How many are kept.</param>
internal sealed class IntervalLog<T>(int most = 4096)
{
    private const int Least = 64;
    private readonly Lock _entry = new();
    private (Timestamp From, Timestamp To, double Weight, T Detail)[] _kept = new (Timestamp, Timestamp, double, T)[Math.Min(most, Least)];
    private long _added;

    /// <summary>Those that ended longer ago give their places to new ones; null where as many as there is room for are kept.</summary>
    public Func<Duration>? Needed { get; init; }

    /// <param name="from">When it began.</param>
    /// <param name="to">When it ended.</param>
    /// <param name="detail">What it is.</param>
    /// <param name="weight">Part of its time that counts, 0 to 1.</param>
    /// <returns>True when one more is kept than before.</returns>
    public bool Add(Timestamp from, Timestamp to, T detail, double weight = 1)
    {
        if (to <= from) return false;
        lock (_entry)
        {
            if (_added >= _kept.Length && _kept.Length < most && IsNeeded(_kept[_added % _kept.Length].To, to)) Grow();
            _kept[_added++ % _kept.Length] = (from, to, weight, detail);
            return _added <= _kept.Length;
        }
    }

    private bool IsNeeded(Timestamp oldest, Timestamp now) => Needed is null || now - oldest <= Needed();

    private void Grow()
    {
        var grown = new (Timestamp, Timestamp, double, T)[Math.Min(most, _kept.Length * 2)];
        // Numbered anew from the oldest: they are in the order of time while it is not full.
        for (int i = 0; i < _kept.Length; i++) grown[i] = _kept[(_added + i) % _kept.Length];
        (_kept, _added) = (grown, _kept.Length);
    }

    /// <summary>Weighed nanoseconds of the intervals that lie in a window.</summary>
    public long Within(Timestamp from, Timestamp to)
    {
        if (Volatile.Read(ref _added) == 0) return 0;
        double sum = 0;
        Visit(from, to, (_, nanoseconds) => sum += nanoseconds);
        return (long)sum;
    }

    /// <summary>Calls for each interval that lies in a window with its weighed nanoseconds there, the newest first.</summary>
    public void Visit(Timestamp from, Timestamp to, Action<T, double> visit)
    {
        lock (_entry)
        {
            int place = (int)(_added % _kept.Length);
            for (long left = Math.Min(_added, _kept.Length); left > 0; left--)
            {
                place = place == 0 ? _kept.Length - 1 : place - 1;
                ref readonly (Timestamp From, Timestamp To, double Weight, T Detail) one = ref _kept[place];
                // In the order of their ends: all before end earlier still.
                if (one.To <= from) return;
                long inside = (Timestamp.Earlier(one.To, to) - Timestamp.Later(one.From, from)).Nanoseconds;
                if (inside > 0) visit(one.Detail, inside * one.Weight);
            }
        }
    }
}
