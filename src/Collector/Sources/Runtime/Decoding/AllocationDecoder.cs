using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace Observatory.Collector;

/// <summary>Sampled allocations, and the ticks of older runtimes.</summary>
internal sealed class AllocationDecoder(IRuntimeEventHandler handler, RunningConfiguration running) : IEventDecoder
{
    /// <summary>Names are the larger part of these events; each is made a string once.</summary>
    private const int MostNames = 10_000;

    private readonly Dictionary<ulong, string> _names = [];

    public void Subscribe(EventStream stream)
    {
        stream.Clr.AllocationSampling += stream.Then<AllocationSampledTraceData>((sampled, _) => handler.Allocated(
            AllocationSample.Sampled(NameOf(sampled.TypeID, sampled), LabelText.Of(sampled.AllocationKind), sampled.ObjectSize), running.Current));
        stream.Clr.GCAllocationTick += stream.Then<GCAllocationTickTraceData>((tick, _) => handler.Allocated(
            AllocationSample.Tick(NameOf(tick.TypeID, tick), LabelText.Of(tick.AllocationKind), tick.ObjectSize, tick.AllocationAmount64),
            running.Current));
    }

    private string NameOf(ulong type, AllocationSampledTraceData sampled) =>
        _names.TryGetValue(type, out string? name) ? name : Learn(type, sampled.TypeName);

    private string NameOf(ulong type, GCAllocationTickTraceData tick) =>
        _names.TryGetValue(type, out string? name) ? name : Learn(type, tick.TypeName);

    private string Learn(ulong type, string name)
    {
        if (_names.Count >= MostNames) _names.Clear();
        return _names[type] = name;
    }
}
