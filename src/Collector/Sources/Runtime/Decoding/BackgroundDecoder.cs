using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Phases of background collections. During the two marks called initial and final, threads are suspended.</summary>
internal sealed class BackgroundDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    private Timestamp? _began;

    public void Subscribe(EventStream stream)
    {
        ClrPrivateTraceEventParser events = stream.Private;
        events.GCBGCStart += Begin(stream);
        events.GCBGC1stNonCondStop += End(stream, "initial_mark", begins: true);
        events.GCBGC1stConStop += End(stream, "concurrent_mark");
        events.GCBGC2ndNonConStart += Begin(stream);
        events.GCBGC2ndNonConStop += End(stream, "final_mark");
        events.GCBGC2ndConStart += Begin(stream);
        events.GCBGC2ndConStop += End(stream, "concurrent_sweep");
    }

    public void Forget() => _began = null;

    private Action<GCNoUserDataTraceData> Begin(EventStream stream) => stream.Then<GCNoUserDataTraceData>((_, at) => _began = at);

    /// <param name="stream">The events.</param>
    /// <param name="phase">What ends.</param>
    /// <param name="begins">True when the next phase begins in the same moment.</param>
    private Action<GCNoUserDataTraceData> End(EventStream stream, string phase, bool begins = false) =>
        stream.Then<GCNoUserDataTraceData>((_, at) =>
        {
            if (_began is { } began) handler.BackgroundPhaseEnded(phase, at - began);
            _began = begins ? at : null;
        });
}
