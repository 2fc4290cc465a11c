using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>Instruments of threads that come and go.</summary>
internal sealed class ThreadMetrics : IRuntimeEventHandler, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly ThreadCensus _census = new();
    private readonly Timer? _looks;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="process">The target.</param>
    /// <param name="isTold">True when its runtime tells of managed threads; otherwise nobody knows which are.</param>
    public ThreadMetrics(IMeterFactory meters, int process, bool isTold)
    {
        // Ids of another namespace are those of other threads here.
        if (!isTold || !PidNamespace.IsShared(process)) return;
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableCounter(
            "observatory.threads.started", () => By(_census.Started), null, "Threads of the target that began while observed.");
        meter.CreateObservableCounter(
            "observatory.threads.ended",
            () => By(_census.Ended).Append(new(_census.Ended.Unknown, Kind("unknown"))),
            null,
            "Threads of the target that ended while observed; unknown: they were there before.");
        _looks = new Timer(_ => _census.Look(ProcessThreads.List(process)), null, TimeSpan.Zero, Interval);
    }

    public void ThreadCreated(int thread) => _census.Told(thread);

    public void Dispose() => _looks?.Dispose();

    private static IEnumerable<Measurement<long>> By(ThreadCounts counts) =>
        [new(counts.Managed, Kind("managed")), new(counts.Native, Kind("native"))];

    private static KeyValuePair<string, object?> Kind(string value) => new("kind", value);
}
