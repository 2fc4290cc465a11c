using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Observatory.Collector.Sources.Runtime.Events;

namespace Observatory.Collector.Sources.Runtime.Decoding;

/// <summary>Assemblies that are loaded.</summary>
internal sealed class LoaderDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    public void Subscribe(EventStream stream) =>
        stream.Clr.LoaderAssemblyLoad += stream.Then<AssemblyLoadUnloadTraceData>((_, _) => handler.AssemblyLoaded());
}
