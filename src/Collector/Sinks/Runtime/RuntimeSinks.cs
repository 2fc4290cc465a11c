using System.Diagnostics.Metrics;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>All instruments of runtime events, behind one handler.</summary>
internal sealed class RuntimeSinks : IDisposable
{
    private readonly ThreadMetrics _threads;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="process">The target.</param>
    /// <param name="detail">What is asked for: what is not, has no series.</param>
    /// <param name="configurations">What the target declared.</param>
    /// <param name="names">Names of threads.</param>
    /// <param name="recording">The raw recording, if there is one.</param>
    public RuntimeSinks(
        IMeterFactory meters, int process, EventDetail detail, ConfigurationRegistry configurations, ThreadNames names, NettraceFile? recording)
    {
        var labels = new ConfigurationLabels(configurations);
        bool isShared = PidNamespace.IsShared(process);
        _threads = new ThreadMetrics(meters, process, detail.Has(EventGroups.Threads));
        Handler = new RuntimeEventFan(
        [
            new GcMetrics(meters, labels),
            new HeapMetrics(meters),
            new AllocationMetrics(meters, labels),
            new ThreadingMetrics(meters, thread => isShared ? names.Of(thread) : "unknown"),
            new CodeMetrics(meters),
            new MemoryMetrics(meters, process),
            _threads,
        ]);
        if (recording is not null) RecordingMetrics.Observe(meters, recording);
    }

    /// <summary>Takes the events.</summary>
    public IRuntimeEventHandler Handler { get; }

    public void Dispose() => _threads.Dispose();
}
