using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What has begun and not ended yet, by whatever both events have in common. Bounded.</summary>
/// <typeparam name="TKey">What they have in common.</typeparam>
/// <typeparam name="TDetail">What only the beginning knows.</typeparam>
internal sealed class OpenSpans<TKey, TDetail>(int most = 100_000)
    where TKey : notnull
{
    private readonly Dictionary<TKey, (Timestamp Began, TDetail Detail)> _open = [];

    /// <summary>How many are open.</summary>
    public int Count => _open.Count;

    /// <summary>Something begins; what had begun under the same key and never ended is forgotten.</summary>
    public void Begin(TKey key, Timestamp at, TDetail detail)
    {
        // So many never end at the same time: their ends were missed.
        if (_open.Count >= most) _open.Clear();
        _open[key] = (at, detail);
    }

    /// <summary>Something ends. False when its beginning was not seen.</summary>
    public bool TryEnd(TKey key, Timestamp at, out Duration duration, out TDetail detail)
    {
        bool isKnown = _open.Remove(key, out (Timestamp Began, TDetail Detail) span);
        duration = isKnown ? at - span.Began : Duration.Zero;
        detail = span.Detail;
        return isKnown;
    }

    /// <summary>Ends may have been missed.</summary>
    public void Clear() => _open.Clear();
}
