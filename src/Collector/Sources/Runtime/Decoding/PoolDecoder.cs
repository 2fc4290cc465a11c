using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace Observatory.Collector;

/// <summary>Workers of the thread pool.</summary>
internal sealed class PoolDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    public void Subscribe(EventStream stream)
    {
        stream.Clr.ThreadPoolWorkerThreadStart += stream.Then<ThreadPoolWorkerThreadTraceData>((counted, _) => handler.WorkersCounted(counted.ActiveWorkerThreadCount));
        stream.Clr.ThreadPoolWorkerThreadStop += stream.Then<ThreadPoolWorkerThreadTraceData>((counted, _) => handler.WorkersCounted(counted.ActiveWorkerThreadCount));
        stream.Clr.ThreadPoolWorkerThreadAdjustmentAdjustment += stream.Then<ThreadPoolWorkerThreadAdjustmentTraceData>((adjusted, _) =>
            handler.WorkersAdjusted(adjusted.NewWorkerThreadCount, LabelText.Of(adjusted.Reason)));
    }
}
