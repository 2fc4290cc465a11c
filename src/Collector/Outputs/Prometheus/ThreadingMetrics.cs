using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Instruments of how the runtime schedules: locks, waits, the thread pool.</summary>
internal sealed class ThreadingMetrics : IRuntimeEventHandler
{
    private readonly HeavyHitters<string> _owners = new(Names.Other, least: 1_000_000, mostEver: 200);
    private readonly Func<int, string> _nameOf;
    private readonly Histogram<double> _contention;
    private readonly Histogram<double> _waits;
    private readonly Histogram<double> _delays;
    private readonly Counter<long> _unfollowed;
    private readonly Counter<long> _adjustments;
    private readonly Gauge<long> _workers;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="nameOf">Names a thread of the target, by kernel id.</param>
    public ThreadingMetrics(IMeterFactory meters, Func<int, string> nameOf)
    {
        _nameOf = nameOf;
        Meter meter = meters.Create(Meters.Collector);
        _contention = meter.CreateSeconds(
            "observatory.contention.duration", "Time a thread waited for a lock, by the name of the thread that held it when the wait began.", Buckets.ShortSeconds);
        _waits = meter.CreateSeconds(
            "observatory.wait.duration", "Time a thread waited for a handle or a monitor.", Buckets.ShortSeconds);
        _delays = meter.CreateSeconds(
            "observatory.thread_pool.queue.delay", "Time a work item was in the thread pool's queue.", Buckets.ShortSeconds);
        _unfollowed = meter.CreateCounter<long>(
            "observatory.thread_pool.queue.unfollowed", null, "Work items whose delay is unknown because a garbage collection or a loss came in between.");
        _adjustments = meter.CreateCounter<long>("observatory.thread_pool.adjustments", null, "Changes of the number of workers, by reason.");
        _workers = meter.CreateGauge<long>("observatory.thread_pool.workers", null, "Workers of the thread pool, as the runtime last reported.");
    }

    public void Contended(in LockWait wait)
    {
        string name = wait.Owner > 0 ? ThreadNames.FamilyOf(_nameOf(wait.Owner)) : "unknown";
        _contention.Record(wait.Time.Seconds, new KeyValuePair<string, object?>("owner", _owners.Add(name, wait.Time.Nanoseconds)));
    }

    public void Waited(string kind, Duration wait) => _waits.Record(wait.Seconds, new KeyValuePair<string, object?>("kind", kind));

    public void WorkItemTaken(Duration? delay)
    {
        if (delay is { } known) _delays.Record(known.Seconds);
        else _unfollowed.Add(1);
    }

    public void WorkersAdjusted(int workers, string reason)
    {
        _adjustments.Add(1, new KeyValuePair<string, object?>("reason", reason));
        _workers.Record(workers);
    }

    public void WorkersCounted(int workers) => _workers.Record(workers);
}
