namespace Observatory.Collector;

/// <summary>Time by whoever took it. The number of names is bounded.</summary>
/// <remarks>
/// Totals only grow, as a counter must: somebody gets a name of his own once it has taken a noticeable part, keeps it
/// for good, and what he took before stays with the others. Not thread-safe.
/// </remarks>
/// <typeparam name="TName">Names.</typeparam>
/// <param name="other">Stands for everybody without a name of his own.</param>
/// <param name="mostNamed">How many get one.</param>
/// <param name="least">Nanoseconds that a name takes at least: of a short total, everything is a noticeable part.</param>
internal sealed class BoundedTotals<TName>(TName other, int mostNamed = 20, long least = 0)
    where TName : notnull
{
    private const int MostCandidates = 1_000;
    private const double NoticeablePart = 0.01;
    private readonly Dictionary<TName, long> _named = [];
    private readonly Dictionary<TName, long> _candidates = [];
    private long _total;
    private long _other;

    /// <summary>Adds time that somebody took.</summary>
    public void Add(TName name, long nanoseconds)
    {
        _total += nanoseconds;
        if (_named.TryGetValue(name, out long taken) || TryPromote(name, nanoseconds))
        {
            _named[name] = taken + nanoseconds;
            return;
        }

        _other += nanoseconds;
    }

    /// <summary>Nanoseconds by name, most first; the others last, and only if they took any.</summary>
    public IReadOnlyList<KeyValuePair<TName, long>> Totals()
    {
        List<KeyValuePair<TName, long>> totals = [.. _named.OrderByDescending(pair => pair.Value)];
        if (_other > 0) totals.Add(KeyValuePair.Create(other, _other));
        return totals;
    }

    private bool TryPromote(TName name, long nanoseconds)
    {
        if (_named.Count >= mostNamed) return false;
        long taken = _candidates.GetValueOrDefault(name) + nanoseconds;
        if (taken >= least && taken >= _total * NoticeablePart)
        {
            _candidates.Remove(name);
            return true;
        }

        if (_candidates.Count >= MostCandidates) _candidates.Clear();
        _candidates[name] = taken;
        return false;
    }
}
