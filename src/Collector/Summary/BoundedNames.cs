namespace Observatory.Collector;

/// <summary>Decides which names are kept apart, so that their number is bounded: whoever takes a noticeable part.</summary>
/// <remarks>
/// A name is kept for good, because counters must not lose what they have counted; what came before it was kept stays
/// with the others. Not thread-safe.
/// </remarks>
/// <typeparam name="TName">Names.</typeparam>
/// <param name="least">What a name has to count for at least: the first few of anything are a large part of it.</param>
/// <param name="most">How many are kept at most.</param>
internal sealed class NoticeableNames<TName>(double least, int most)
    where TName : notnull
{
    private const int MostCandidates = 1_000;
    private const double NoticeablePart = 0.01;
    private readonly HashSet<TName> _kept = [];
    private readonly Dictionary<TName, double> _candidates = [];
    private double _total;

    /// <summary>Something of this name counts so much more. True when the name is kept.</summary>
    public bool Add(TName name, double weight)
    {
        _total += weight;
        if (_kept.Contains(name)) return true;
        if (_kept.Count >= most) return false;
        double taken = _candidates.GetValueOrDefault(name) + weight;
        if (taken >= Math.Max(least, _total * NoticeablePart))
        {
            _candidates.Remove(name);
            return _kept.Add(name);
        }

        if (_candidates.Count >= MostCandidates) _candidates.Clear();
        _candidates[name] = taken;
        return false;
    }
}

/// <summary>Values of a label, bounded in number and length. For one thread.</summary>
/// <param name="least">What a name has to count for at least.</param>
/// <param name="most">Names that are given at most.</param>
internal sealed class BoundedNames(double least, int most = 20)
{
    /// <summary>Everything without a name of its own.</summary>
    public const string Other = "other";

    private const int LongestName = 200;
    private readonly NoticeableNames<string> _names = new(least, most);

    /// <summary>The label for something that counts so much.</summary>
    public string LabelOf(string name, double weight) => _names.Add(name, weight) ? Shortened(name) : Other;

    private static string Shortened(string name) => name.Length <= LongestName ? name : name[..LongestName];
}

/// <summary>Time by name. Each total only grows, as a counter must. Not thread-safe.</summary>
/// <typeparam name="TName">Names.</typeparam>
/// <param name="other">Stands for everything without a name of its own.</param>
/// <param name="mostNamed">How many get one.</param>
/// <param name="least">Nanoseconds that a name takes at least.</param>
internal sealed class BoundedTotals<TName>(TName other, int mostNamed = 20, long least = 0)
    where TName : notnull
{
    private readonly NoticeableNames<TName> _names = new(least, mostNamed);
    private readonly Dictionary<TName, long> _named = [];
    private long _other;

    /// <summary>Adds time of a name.</summary>
    public void Add(TName name, long nanoseconds)
    {
        if (_names.Add(name, nanoseconds)) _named[name] = _named.GetValueOrDefault(name) + nanoseconds;
        else _other += nanoseconds;
    }

    /// <summary>Nanoseconds by name, most first; the others last, and only if they took any.</summary>
    public IReadOnlyList<KeyValuePair<TName, long>> Totals()
    {
        List<KeyValuePair<TName, long>> totals = [.. _named.OrderByDescending(pair => pair.Value)];
        if (_other > 0) totals.Add(KeyValuePair.Create(other, _other));
        return totals;
    }
}
