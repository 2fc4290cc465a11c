using System.Diagnostics.Metrics;
using System.Diagnostics;
using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Instruments of suspensions and collections.</summary>
internal sealed class GcMetrics : IRuntimeEventHandler
{
    /// <summary>100 us to 1 s: few, because this histogram has a series for each configuration, generation and reason.</summary>
    private static readonly double[] PauseSeconds = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];

    private readonly ConfigurationLabelSets _labels;
    private readonly Histogram<double> _pauses;
    private readonly Histogram<double> _suspending;
    private readonly Histogram<double> _phases;
    private readonly Counter<long> _collections;

    public GcMetrics(IMeterFactory meters, ConfigurationLabelSets labels)
    {
        _labels = labels;
        Meter meter = meters.Create(Meters.Collector);
        _pauses = meter.CreateSeconds(
            "observatory.gc.pause.duration",
            "Time all managed threads were suspended, by the generation collected, the reason, and the configuration that ran.",
            PauseSeconds);
        _suspending = meter.CreateSeconds(
            "observatory.gc.time_to_suspend", "The first part of a pause: until the last thread stood still.", Buckets.ShortSeconds);
        _phases = meter.CreateSeconds(
            "observatory.gc.background.phase.duration", "Phases of background collections.", Buckets.ShortSeconds);
        _collections = meter.CreateCounter<long>("observatory.gc.collections", null, "Collections that began.");
    }

    public void Paused(in GcPause pause, long? configuration)
    {
        TagList labels = _labels.For(configuration).Own;
        labels.Add("generation", pause.Generation is { } generation ? GenerationAfter.Names[generation] : "none");
        labels.Add("reason", pause.Reason);
        _pauses.Record(pause.Pause.Seconds, labels);
        _suspending.Record(pause.Suspending.Seconds);
    }

    public void CollectionBegan(in GcCollection collection) => _collections.Add(
        1,
        new("generation", GenerationAfter.Names[collection.Generation]),
        new("reason", collection.Reason),
        new KeyValuePair<string, object?>("type", collection.Kind));

    public void BackgroundPhaseEnded(string phase, Duration duration) =>
        _phases.Record(duration.Seconds, new KeyValuePair<string, object?>("phase", phase));
}

/// <summary>Instruments of what collections leave behind. Levels are those of the last collection.</summary>
internal sealed class HeapMetrics : IRuntimeEventHandler
{
    private readonly Counter<long> _promoted;
    private readonly Counter<long> _survived;
    private readonly Gauge<long> _size;
    private readonly Gauge<long> _fragmentation;
    private readonly Gauge<long> _pinned;
    private readonly Gauge<long> _handles;

    public HeapMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(Meters.Collector);
        _promoted = meter.CreateCounter<long>(
            "observatory.gc.promoted", "By", "Bytes that survived a collection and count as older now, by the generation they came from.");
        _survived = meter.CreateCounter<long>(
            "observatory.gc.survived", "By", "Bytes that survived a collection of their generation; pinned: those that could not be moved.");
        _size = meter.CreateGauge<long>("observatory.gc.heap.size", "By", "Size of a generation after the last collection, gaps included.");
        _fragmentation = meter.CreateGauge<long>("observatory.gc.heap.fragmentation", "By", "Gaps in a generation after the last collection.");
        _pinned = meter.CreateGauge<long>("observatory.gc.pinned_objects", null, "Pinned objects that the last collection found.");
        _handles = meter.CreateGauge<long>("observatory.gc.handles", null, "Handles to managed objects at the last collection.");
    }

    public void GenerationSeen(in GenerationAfter generation)
    {
        var name = new KeyValuePair<string, object?>("generation", generation.Name);
        _size.Record(generation.Size, name);
        _fragmentation.Record(generation.Fragmentation, name);
        _survived.Add(generation.SurvivedPinned, name, new("pinned", "true"));
        _survived.Add(generation.SurvivedOther, name, new("pinned", "false"));
    }

    public void HeapSeen(in HeapAfter heap)
    {
        for (int generation = 0; generation < heap.Promoted.Count; generation++)
            _promoted.Add(heap.Promoted[generation], new KeyValuePair<string, object?>("generation", GenerationAfter.Names[generation]));
        _pinned.Record(heap.PinnedObjects);
        _handles.Record(heap.Handles);
    }
}

/// <summary>Instruments of the target's memory: what the garbage collector has of it, and what it cannot see.</summary>
internal sealed class MemoryMetrics : IRuntimeEventHandler
{
    private readonly int _process;
    private long _committed = -1;

    public MemoryMetrics(IMeterFactory meters, int process)
    {
        _process = process;
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableGauge("observatory.target.memory.usage", Resident, "By", "Memory of the target that is in RAM (resident set).");
        meter.CreateObservableGauge(
            "observatory.gc.committed", Committed, "By", "Memory that the target's garbage collector had committed at its last collection.");
        meter.CreateObservableGauge(
            "observatory.memory.native",
            Native,
            "By",
            "Resident memory less what the collector had committed: libraries, stacks, tensors. Committed memory that was never touched makes it too small.");
    }

    public void CommittedSeen(long bytes) => Interlocked.Exchange(ref _committed, bytes);

    private IEnumerable<Measurement<long>> Resident() =>
        ResidentMemory.TryRead(_process, out long resident) ? [new(resident)] : [];

    private IEnumerable<Measurement<long>> Committed() =>
        Interlocked.Read(ref _committed) is >= 0 and var committed ? [new(committed)] : [];

    private IEnumerable<Measurement<long>> Native() =>
        Interlocked.Read(ref _committed) is >= 0 and var committed && ResidentMemory.TryRead(_process, out long resident)
            ? [new(Math.Max(0, resident - committed))]
            : [];
}
