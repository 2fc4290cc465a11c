namespace Observatory.Collector;

/// <summary>
/// What counts by name, with a bounded number of names: the heaviest of late have one each, the rest share one. For labels
/// of metrics and for lists, whose names others choose and of which there may be any number.
/// </summary>
/// <remarks>
/// Space-saving (Metwally, Agrawal, El Abbadi 2005) over a window: the weights that names compete with are halved each time
/// a window's worth has been added. A name that is heavier than the lightest of those in use takes its place; so the first
/// ones to come leave room for a heavier one that comes later, and everything after a moment that is worth noticing is counted
/// under its own name. Totals only grow, as counters must: what something counted for before it had a name stays with the
/// others, and a name that was given back keeps its total and goes on from there. Not thread-safe.
/// </remarks>
/// <typeparam name="TName">Names.</typeparam>
internal sealed class HeavyHitters<TName>
    where TName : notnull
{
    private const int MostTracked = 1_000;
    private const double NoticeablePart = 0.01;
    private const double WindowOfLeast = 1_000;

    // Two names of about the same weight must not take the last place from each other all the time.
    private const double ClearlyHeavier = 1.25;

    private readonly TName _other;
    private readonly double _least;
    private readonly double _window;
    private readonly int _mostNamed;
    private readonly int _mostEver;
    private readonly Dictionary<TName, Hitter> _tracked = [];
    private readonly List<Hitter> _named = [];
    private long _otherTotal;
    private double _recentTotal;
    private double _floor;
    private int _everNamed;

    /// <param name="other">Stands for all that have no name of their own.</param>
    /// <param name="least">What something counts for at least before it is named.</param>
    /// <param name="window">What all together count for in a window; null for a thousand times the least.</param>
    /// <param name="mostNamed">Names in use at a time.</param>
    /// <param name="mostEver">Names that are ever given: a metric keeps the series of a name for good.</param>
    public HeavyHitters(TName other, double least, double? window = null, int mostNamed = 20, int mostEver = 500)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(least);
        (_other, _least, _mostNamed, _mostEver) = (other, least, mostNamed, mostEver);
        _window = window ?? (WindowOfLeast * least);
    }

    /// <summary>Names that are told apart now, in use or not: what bounds the memory.</summary>
    internal int Tracked => _tracked.Count;

    /// <summary>Adds something, and says what to call it.</summary>
    /// <returns>The name, or the one that all others share.</returns>
    public TName Add(TName name, long weight)
    {
        if (!_tracked.TryGetValue(name, out Hitter? entry))
            _tracked.Add(name, entry = new Hitter(name) { Recent = _floor, Error = _floor });
        entry.Recent += weight;
        _recentTotal += weight;
        if (!entry.IsNamed && IsNoticeable(entry)) TryName(entry);
        if (entry.IsNamed) entry.Total += weight;
        else _otherTotal += weight;
        if (_recentTotal >= _window) Halve();
        if (_tracked.Count > 2 * MostTracked + _everNamed) Forget();
        return entry.IsNamed ? name : _other;
    }

    /// <summary>Totals by name, most first; the others last, and only if there were any.</summary>
    public IReadOnlyList<KeyValuePair<TName, long>> Totals()
    {
        List<KeyValuePair<TName, long>> totals =
        [
            .. _tracked.Values.Where(entry => entry.WasNamed)
                .OrderByDescending(entry => entry.Total)
                .Select(entry => KeyValuePair.Create(entry.Name, entry.Total)),
        ];
        if (_otherTotal > 0) totals.Add(KeyValuePair.Create(_other, _otherTotal));
        return totals;
    }

    private bool IsNoticeable(Hitter entry) =>
        entry.Certain >= _least && entry.Certain >= _recentTotal * NoticeablePart;

    private void TryName(Hitter entry)
    {
        if (!entry.WasNamed && _everNamed >= _mostEver) return;
        if (_named.Count >= _mostNamed)
        {
            Hitter lightest = _named.MinBy(one => one.Recent)!;
            if (entry.Certain < lightest.Recent * ClearlyHeavier) return;
            lightest.IsNamed = false;
            _named.Remove(lightest);
        }

        if (!entry.WasNamed) _everNamed++;
        entry.IsNamed = entry.WasNamed = true;
        _named.Add(entry);
    }

    private void Halve()
    {
        _recentTotal /= 2;
        _floor /= 2;
        foreach (Hitter entry in _tracked.Values)
        {
            entry.Recent /= 2;
            entry.Error /= 2;
        }
    }

    /// <summary>
    /// Keeps the heaviest. One that comes back may be any of those that were forgotten: it begins with as much as the
    /// heaviest of them had, of which nothing is certain.
    /// </summary>
    private void Forget()
    {
        Hitter[] light = [.. _tracked.Values.Where(entry => !entry.WasNamed).OrderByDescending(entry => entry.Recent).Skip(MostTracked)];
        if (light.Length == 0) return;
        _floor = Math.Max(_floor, light[0].Recent);
        foreach (Hitter entry in light) _tracked.Remove(entry.Name);
    }

    private sealed class Hitter(TName name)
    {
        public TName Name => name;

        /// <summary>Weight of late, at most.</summary>
        public double Recent { get; set; }

        /// <summary>How much of that may be another name's.</summary>
        public double Error { get; set; }

        /// <summary>Weight of late, at least.</summary>
        public double Certain => Recent - Error;

        /// <summary>What was counted under the name.</summary>
        public long Total { get; set; }

        public bool IsNamed { get; set; }

        public bool WasNamed { get; set; }
    }
}
