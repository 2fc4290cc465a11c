using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Waits for locks. A thread waits for one at a time.</summary>
internal sealed class ContentionDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    private readonly OpenSpans<int, int> _waits = new();

    public void Subscribe(EventStream stream)
    {
        stream.Clr.ContentionStart += stream.Then<ContentionStartTraceData>((began, at) =>
            _waits.Begin(began.ThreadID, at, (int)began.LockOwnerThreadID));
        stream.Clr.ContentionStop += stream.Then<ContentionStopTraceData>((ended, at) =>
        {
            if (_waits.TryEnd(ended.ThreadID, at, out Duration wait, out int owner)) handler.Contended(owner, wait);
        });
    }

    public void Forget() => _waits.Clear();
}
