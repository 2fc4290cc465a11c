using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Observatory.Hosting;

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
            AllocationSample.Sampled(NameOf(sampled.TypeID, sampled), LabelText.From(sampled.AllocationKind), sampled.ObjectSize), running.Current));
        stream.Clr.GCAllocationTick += stream.Then<GCAllocationTickTraceData>((tick, _) => handler.Allocated(
            AllocationSample.Tick(NameOf(tick.TypeID, tick), LabelText.From(tick.AllocationKind), tick.ObjectSize, tick.AllocationAmount64),
            running.Current));
    }

    private string NameOf(ulong type, AllocationSampledTraceData sampled) =>
        _names.TryGetValue(type, out string? name) ? name : Learn(type, sampled.TypeName);

    private string NameOf(ulong type, GCAllocationTickTraceData tick) =>
        _names.TryGetValue(type, out string? name) ? name : Learn(type, tick.TypeName);

    private string Learn(ulong type, string name)
    {
        if (_names.Count >= MostNames) _names.Clear();
        return _names[type] = SafeText.Name(name);
    }
}

/// <summary>A sampled allocation, and what it stands for.</summary>
/// <param name="Type">Full name of the allocated type.</param>
/// <param name="Heap"><c>small</c>, <c>large</c> or <c>pinned</c>.</param>
/// <param name="Bytes">Bytes of all allocations that it stands for, as an estimate without bias.</param>
/// <param name="Objects">Objects that it stands for, likewise.</param>
internal readonly record struct AllocationSample(string Type, string Heap, double Bytes, double Objects)
{
    /// <summary>The runtime samples each byte with the probability 1 in this many.</summary>
    public const double MeanDistance = 102_400;

    /// <summary>
    /// A sample of .NET 10's randomised sampler. An object is picked when one of its bytes is: the larger, the likelier,
    /// so it stands for the inverse of its own probability.
    /// </summary>
    public static AllocationSample Sampled(string type, string heap, long size)
    {
        double picked = -Math.Exp(-size / MeanDistance) + 1;
        return picked > 0 ? new(type, heap, size / picked, 1 / picked) : new(type, heap, 0, 0);
    }

    /// <summary>A tick of an older runtime: all that was allocated since the last one, as if of the last object's type.</summary>
    public static AllocationSample Tick(string type, string heap, long size, long since) =>
        new(type, heap, since, size > 0 ? (double)since / size : 1);
}
