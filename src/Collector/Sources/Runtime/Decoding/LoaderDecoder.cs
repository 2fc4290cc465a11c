using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace Observatory.Collector;

/// <summary>Assemblies that are loaded.</summary>
internal sealed class LoaderDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    public void Subscribe(EventStream stream) =>
        stream.Clr.LoaderAssemblyLoad += stream.Then<AssemblyLoadUnloadTraceData>((_, _) => handler.AssemblyLoaded());
}
