using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// What groups of counters counted of driving threads, until the account it belongs to is closed. Filled on the runtime
/// source's thread, asked on the pump's.
/// </summary>
/// <param name="wanted">The set that was asked for; null for none.</param>
/// <param name="refused">Told once, in one line for people, why the target has no counters.</param>
internal sealed class CounterGroups(CounterSet? wanted, Action<string> refused)
{
    /// <summary>As many as <see cref="CounterReadings"/> keeps, for the same reason.</summary>
    private const int Most = 200_000;

    private readonly Lock _entry = new();
    private readonly Dictionary<long, CounterGroupPayload> _counted = [];
    private volatile bool _haveCome;
    private bool _isRefused;

    /// <summary>True once the target has told what was counted.</summary>
    public bool HaveCome => _haveCome;

    /// <summary>The set that was asked for; null for none.</summary>
    public CounterSet? Wanted => wanted;

    /// <summary>A thread has read its counters around an iteration.</summary>
    public void Post(in CounterGroupPayload counted)
    {
        // Another observer of the same target may have asked for other ones.
        if (counted.Set != wanted?.Id) return;
        lock (_entry)
        {
            if (_counted.Count >= Most) _counted.Clear();
            _counted[counted.Iteration] = counted;
        }

        _haveCome = true;
    }

    /// <summary>The kernel refused a thread its counters.</summary>
    public void Refuse(in CounterRefusalPayload refusal)
    {
        if (refusal.Set != wanted?.Id || _isRefused) return;
        _isRefused = true;
        refused(CounterRefusal.Of(wanted, refusal.Error));
    }

    /// <summary>Takes out what was counted around an iteration; false when it has not come.</summary>
    public bool TryTake(long iteration, out CountedEvents? events)
    {
        events = null;
        lock (_entry)
        {
            if (!_counted.Remove(iteration, out CounterGroupPayload counted)) return false;
            events = CounterScale.Of(counted, wanted!);
            return true;
        }
    }
}
