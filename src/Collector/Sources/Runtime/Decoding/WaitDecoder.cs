using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Waits for handles and monitors. A thread has one at a time.</summary>
internal sealed class WaitDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    private readonly OpenSpans<int, string> _waits = new();

    public void Subscribe(EventStream stream)
    {
        stream.Clr.WaitHandleWaitStart += stream.Then<WaitHandleWaitStartTraceData>((began, at) =>
            _waits.Begin(began.ThreadID, at, KindOf(began.WaitSource)));
        stream.Clr.WaitHandleWaitStop += stream.Then<WaitHandleWaitStopTraceData>((ended, at) =>
        {
            if (_waits.TryEnd(ended.ThreadID, at, out Duration wait, out string kind)) handler.Waited(kind, wait);
        });
    }

    public void Forget() => _waits.Clear();

    private static string KindOf(WaitHandleWaitSource source) => source == WaitHandleWaitSource.MonitorWait ? "monitor" : "handle";
}
