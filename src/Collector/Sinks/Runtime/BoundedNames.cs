namespace Observatory.Collector;

/// <summary>Keeps the number of values of a label bounded: who matters keeps a name, the rest share one.</summary>
/// <remarks>
/// A name is given to whoever takes a noticeable part, and for good: counters must not lose what they have counted. What
/// came before the name was given stays with <see cref="Other"/>. For one thread.
/// </remarks>
/// <param name="least">What a name has to count for at least: the first few of anything are a large part of it.</param>
/// <param name="most">Names that are given at most.</param>
internal sealed class BoundedNames(double least, int most = 20)
{
    /// <summary>Everybody without a name of his own.</summary>
    public const string Other = "other";

    private const int MostCandidates = 1_000;
    private const int LongestName = 200;
    private const double NoticeablePart = 0.01;
    private readonly HashSet<string> _named = [];
    private readonly Dictionary<string, double> _candidates = [];
    private double _total;

    /// <summary>The label for something that counts so much.</summary>
    public string LabelOf(string name, double weight)
    {
        _total += weight;
        return _named.Contains(name) || TryName(name, weight) ? Shortened(name) : Other;
    }

    private bool TryName(string name, double weight)
    {
        if (_named.Count >= most) return false;
        double taken = _candidates.GetValueOrDefault(name) + weight;
        if (taken >= Math.Max(least, _total * NoticeablePart))
        {
            _candidates.Remove(name);
            return _named.Add(name);
        }

        if (_candidates.Count >= MostCandidates) _candidates.Clear();
        _candidates[name] = taken;
        return false;
    }

    private static string Shortened(string name) => name.Length <= LongestName ? name : name[..LongestName];
}
