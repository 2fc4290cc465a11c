using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace Observatory.Collector;

/// <summary>Exceptions that are thrown.</summary>
internal sealed class ExceptionDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    public void Subscribe(EventStream stream) =>
        stream.Clr.ExceptionStart += stream.Then<ExceptionTraceData>((thrown, _) => handler.ExceptionThrown(thrown.ExceptionType));
}
