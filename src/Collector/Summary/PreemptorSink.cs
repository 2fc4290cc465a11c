using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Which commands held a CPU while threads of the target waited for it, as a metric and for the results.</summary>
/// <param name="names">Names of threads.</param>
/// <param name="kernel">Its tier says whether it is measured.</param>
internal sealed class PreemptorSink(ThreadNames names, SourceStatus kernel) : IFindingsSink
{
    /// <summary>Without it, the commands of the first second would leave no room for a more important one that comes later.</summary>
    private const long Least = 10_000_000;

    private readonly Lock _entry = new();
    private readonly HeavyHitters<string> _totals = new("other", Least);
    private readonly Dictionary<int, long> _heldBy = [];
    private volatile int _target;

    /// <summary>The threads of this process are the target's own, from now on.</summary>
    public void Begin(int target) => _target = target;

    /// <summary>Shows the totals at each scrape.</summary>
    public void Observe(IMeterFactory meters) => meters.Create(Meters.Collector).CreateObservableCounter(
        "observatory.preempted.by",
        () => Totals().Select(pair => new Measurement<double>(pair.Value / 1e9, new KeyValuePair<string, object?>("command", pair.Key))),
        "s",
        "Time threads of the target waited for a CPU, by the command that held it.");

    /// <summary>Nanoseconds by command, most first; none where the tier does not see what else runs.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Totals()
    {
        if (kernel.Tier != Tiers.Kernel) return [];
        lock (_entry) return _totals.Totals();
    }

    public void PreemptedBy(ReadOnlySpan<CpuHold> holds)
    {
        _heldBy.Clear();
        foreach (ref readonly CpuHold hold in holds)
            CollectionsMarshal.GetValueRefOrAddDefault(_heldBy, hold.Holder, out _) += hold.Time.Nanoseconds;
        lock (_entry)
        {
            // Names are looked up now: a moment later the thread may be gone.
            foreach ((int holder, long nanoseconds) in _heldBy) _totals.Add(names.CommandOf(holder, _target), nanoseconds);
        }
    }
}
