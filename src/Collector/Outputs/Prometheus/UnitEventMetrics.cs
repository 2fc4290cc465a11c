using System.Diagnostics.Metrics;
using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>What happens to requests between their beginning and their end, as the runtime tells it.</summary>
internal sealed class UnitEventMetrics : IRuntimeEventHandler
{
    /// <summary>Pairs of a name and a holder that have a series; the rest is shown with the holder <see cref="UnitNames.Other"/>.</summary>
    public const int MostPairs = 256;

    /// <summary>A thread that works on no request.</summary>
    private const string None = "none";

    private readonly Counter<double> _lockWait;
    private readonly Counter<long> _exceptions;
    private readonly Counter<double> _allocated;
    private readonly Counter<long> _collections;

    // 200 names may wait for 200 others. The first pairs that come have a place at once, the others when they come often.
    private readonly HashSet<(int Waits, int Holds)> _pairs = [];
    private readonly FrequentItems<(int Waits, int Holds)> _frequent = new();

    /// <param name="meters">Makes the meter.</param>
    public UnitEventMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(Meters.Collector);
        _lockWait = meter.CreateCounter<double>(
            "observatory.unit.lock_wait",
            "s",
            "Time requests waited for managed locks, by the name of the request that held the lock when the wait began; none: a thread that worked "
            + "on none, other: pairs of names beyond 256.");
        _exceptions = meter.CreateCounter<long>("observatory.unit.exceptions", null, "Exceptions thrown by threads while they worked on requests.");
        _allocated = meter.CreateCounter<double>(
            "observatory.unit.allocated", "By", "Bytes that threads allocated while they worked on requests, estimated from samples.");
        _collections = meter.CreateCounter<long>(
            "observatory.unit.collections", null, "Garbage collections that threads triggered while they worked on requests.");
    }

    public void Contended(in LockWait wait)
    {
        if (wait.Request is { } request) _lockWait.Add(wait.Time.Seconds, UnitOf(request), new KeyValuePair<string, object?>("holder", HolderOf(wait, request)));
    }

    public void ThrownBy(RequestName request) => _exceptions.Add(1, UnitOf(request));

    public void AllocatedBy(RequestName request, double bytes) => _allocated.Add(bytes, UnitOf(request));

    public void CollectedBy(RequestName request, int generation) =>
        _collections.Add(1, UnitOf(request), new KeyValuePair<string, object?>("generation", $"gen{generation}"));

    private static KeyValuePair<string, object?> UnitOf(RequestName request) => new(UnitMetrics.Unit, request.Text);

    private string HolderOf(in LockWait wait, RequestName request) =>
        wait.Holder is not { } holder ? None : HasPlace((request.Index, holder.Index)) ? holder.Text : UnitNames.Other;

    private bool HasPlace((int Waits, int Holds) pair) => _pairs.Contains(pair)
        || (_pairs.Count < MostPairs && (_pairs.Count < MostPairs / 2 || _frequent.ComesOften(pair)) && _pairs.Add(pair));
}
