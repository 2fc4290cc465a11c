using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>A session's events by name. Payloads are read by TraceEvent, which knows every version of each.</summary>
/// <param name="source">The session.</param>
/// <param name="forget">Called before the first event after a loss.</param>
internal sealed class EventStream(EventPipeEventSource source, Action forget)
{
    private readonly GCDynamicTraceEventParser _gcDynamic = new(source);
    private readonly ClrPrivateTraceEventParser _private = new(source);
    private int _lost;

    /// <summary>Events of the runtime.</summary>
    public ClrTraceEventParser Clr => source.Clr;

    /// <summary>Events that the runtime does not promise to keep.</summary>
    public ClrPrivateTraceEventParser Private => _private;

    /// <summary>Events of the garbage collector that are not in the manifest.</summary>
    public GCDynamicTraceEventParser GcDynamic => _gcDynamic;

    /// <summary>
    /// Subscribes to a provider's events that TraceEvent has no names for: it knows the class library's by an id that
    /// they do not have in EventPipe.
    /// </summary>
    public void AddUnnamed(Guid provider, Action<TraceEvent, Timestamp> handle)
    {
        Action<TraceEvent> then = Then(handle);
        source.AllEvents += happened =>
        {
            if (happened.ProviderGuid == provider) then(happened);
        };
    }

    /// <summary>
    /// What to subscribe. The event is one object that TraceEvent uses again and again: read it, do not keep it.
    /// </summary>
    public Action<T> Then<T>(Action<T, Timestamp> handle)
        where T : TraceEvent => happened =>
        {
            if (source.EventsLost != _lost)
            {
                _lost = source.EventsLost;
                forget();
            }

            handle(happened, EventTime.Of(happened));
        };
}
