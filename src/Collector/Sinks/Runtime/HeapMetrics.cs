using System.Diagnostics.Metrics;
using Observatory.Contract;

namespace Observatory.Collector;

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
            "observatory.gc.survived", "By", "Bytes that survived a collection of their generation; pinned: and could not be moved.");
        _size = meter.CreateGauge<long>("observatory.gc.heap.size", "By", "Size of a generation after the last collection, gaps included.");
        _fragmentation = meter.CreateGauge<long>("observatory.gc.heap.fragmentation", "By", "Gaps in a generation after the last collection.");
        _pinned = meter.CreateGauge<long>("observatory.gc.pinned_objects", null, "Pinned objects that the last collection met.");
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
