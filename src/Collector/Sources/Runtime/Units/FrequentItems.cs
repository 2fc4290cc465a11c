namespace Observatory.Collector;

/// <summary>Tells which of many different items come often, in bounded memory.</summary>
/// <remarks>
/// Misra and Gries (1982): of a bounded number of counters all lose one when there is none left for a new item, so one that comes
/// often stays, and a flood of items that come once takes no place. For one thread.
/// </remarks>
/// <typeparam name="T">An item.</typeparam>
/// <param name="often">So many times are often.</param>
/// <param name="most">Counters.</param>
internal sealed class FrequentItems<T>(int often = FrequentItems<T>.Often, int most = FrequentItems<T>.Most)
    where T : notnull
{
    private const int Often = 32;
    private const int Most = 512;
    private readonly Dictionary<T, int> _counted = [];

    /// <summary>The item came; true when it has come often, after which it is counted anew.</summary>
    public bool ComesOften(T item)
    {
        int times = _counted.GetValueOrDefault(item) + 1;
        if (times >= often) return _counted.Remove(item);
        if (times > 1 || _counted.Count < most) _counted[item] = times;
        else LoseOne();
        return false;
    }

    private void LoseOne()
    {
        foreach (T item in _counted.Keys.ToArray())
        {
            if (--_counted[item] == 0) _counted.Remove(item);
        }
    }
}
