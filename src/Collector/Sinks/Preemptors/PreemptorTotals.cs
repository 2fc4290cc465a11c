namespace Observatory.Collector.Sinks.Preemptors;

/// <summary>Who held a CPU while a thread of the target waited for it, by command. The number of commands is bounded.</summary>
/// <remarks>
/// Totals only grow, as a counter must: a command gets a name of its own once it has taken a noticeable part, keeps it
/// for good, and what it took before stays with <see cref="Other"/>. Not thread-safe.
/// </remarks>
internal sealed class PreemptorTotals(int mostNamed = 20)
{
    /// <summary>Everybody without a name of his own.</summary>
    public const string Other = "other";

    private const int MostCandidates = 1_000;
    private const double NoticeablePart = 0.01;
    private readonly Dictionary<string, long> _named = [];
    private readonly Dictionary<string, long> _candidates = [];
    private long _total;
    private long _other;

    /// <summary>Adds time that a command took.</summary>
    public void Add(string command, long nanoseconds)
    {
        _total += nanoseconds;
        if (_named.TryGetValue(command, out long taken) || TryPromote(command, nanoseconds))
        {
            _named[command] = taken + nanoseconds;
            return;
        }

        _other += nanoseconds;
    }

    /// <summary>Nanoseconds by command, most first; <see cref="Other"/> last, and only if it took any.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Totals()
    {
        List<KeyValuePair<string, long>> totals = [.. _named.OrderByDescending(pair => pair.Value)];
        if (_other > 0) totals.Add(KeyValuePair.Create(Other, _other));
        return totals;
    }

    private bool TryPromote(string command, long nanoseconds)
    {
        if (_named.Count >= mostNamed) return false;
        long taken = _candidates.GetValueOrDefault(command) + nanoseconds;
        if (taken >= _total * NoticeablePart)
        {
            _candidates.Remove(command);
            return true;
        }

        if (_candidates.Count >= MostCandidates) _candidates.Clear();
        _candidates[command] = taken;
        return false;
    }
}
