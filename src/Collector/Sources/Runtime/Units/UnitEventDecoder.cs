using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Exceptions, allocations and collections by the request that the thread works on which tells of them. Where threads of the garbage
/// collector tell of a collection (server mode), it is for no request.
/// </summary>
/// <param name="handler">Told what happens.</param>
/// <param name="workOf">The request that a thread works on; null for none.</param>
internal sealed class UnitEventDecoder(IRuntimeEventHandler handler, Func<int, Timestamp, RequestName?> workOf) : IEventDecoder
{
    public void Subscribe(EventStream stream)
    {
        stream.Clr.ExceptionStart += stream.Then<ExceptionTraceData>((thrown, at) =>
        {
            if (workOf(thrown.ThreadID, at) is { } request) handler.ThrownBy(request);
        });
        stream.Clr.AllocationSampling += stream.Then<AllocationSampledTraceData>((sampled, at) =>
        {
            if (workOf(sampled.ThreadID, at) is { } request) handler.AllocatedBy(request, AllocationSample.Sampled("", "", sampled.ObjectSize).Bytes);
        });
        stream.Clr.GCAllocationTick += stream.Then<GCAllocationTickTraceData>((tick, at) =>
        {
            if (workOf(tick.ThreadID, at) is { } request) handler.AllocatedBy(request, tick.AllocationAmount64);
        });
        stream.Clr.GCStart += stream.Then<GCStartTraceData>((began, at) =>
        {
            if (workOf(began.ThreadID, at) is { } request) handler.CollectedBy(request, began.Depth);
        });
    }
}
