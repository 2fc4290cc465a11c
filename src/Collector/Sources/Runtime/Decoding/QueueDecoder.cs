using System.Buffers.Binary;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Work items of the thread pool.</summary>
/// <remarks>
/// An item's only name is its address, which a collection may change and give to another. So no item is followed across
/// a collection: one that waited that long counts as taken, without a delay.
/// </remarks>
internal sealed class QueueDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    private const int Queued = 30;
    private const int Taken = 31;
    private readonly OpenSpans<long, bool> _queued = new();

    public void Subscribe(EventStream stream)
    {
        stream.AddUnnamed(GroupEvents.FrameworkProvider, Read);
        stream.Clr.GCStart += stream.Then<GCStartTraceData>((_, _) => Forget());
    }

    public void Forget() => _queued.Clear();

    private void Read(TraceEvent happened, Timestamp at)
    {
        // Both carry the item's address and nothing else.
        if (!BinaryPrimitives.TryReadInt64LittleEndian(happened.EventData(), out long item)) return;
        if ((int)happened.ID == Queued) _queued.Begin(item, at, true);
        else if ((int)happened.ID == Taken) Take(item, at);
    }

    private void Take(long item, Timestamp at) =>
        handler.WorkItemTaken(_queued.TryEnd(item, at, out Duration delay, out _) ? delay : null);
}
