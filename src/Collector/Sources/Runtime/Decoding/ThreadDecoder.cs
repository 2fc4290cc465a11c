using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace Observatory.Collector;

/// <summary>Managed threads, told by themselves when they begin.</summary>
internal sealed class ThreadDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    public void Subscribe(EventStream stream) => stream.Clr.AppDomainResourceManagementThreadCreated +=
        stream.Then<ThreadCreatedTraceData>((created, _) => handler.ThreadCreated(created.OSThreadID));
}
