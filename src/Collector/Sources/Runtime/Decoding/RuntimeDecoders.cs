using System.Text.Json;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>All decoders, subscribed to a session.</summary>
internal static class RuntimeDecoders
{
    /// <param name="source">The session, before its events are processed. What it was not asked for does not come.</param>
    /// <param name="handler">Told what happens.</param>
    /// <param name="running">Kept up to date by the caller.</param>
    /// <param name="units">Reads what is told of requests; null where requests are not observed.</param>
    public static void Subscribe(
        EventPipeEventSource source, IRuntimeEventHandler handler, RunningConfiguration running, UnitDecoder? units = null)
    {
        IEventDecoder[] decoders =
        [
            new GcDecoder(handler, running),
            new HeapDecoder(handler),
            new BackgroundDecoder(handler),
            new AllocationDecoder(handler, running),
            new ContentionDecoder(handler, units is null ? null : units.WorkOf),
            new WaitDecoder(handler),
            new PoolDecoder(handler),
            new QueueDecoder(handler, units is null ? null : units.Take),
            new ThreadDecoder(handler),
            new ExceptionDecoder(handler),
            new CompilationDecoder(handler),
            new LoaderDecoder(handler),
            .. units is null ? (IEventDecoder[])[] : [new UnitEventDecoder(handler, units.WorkOf), units],
        ];
        var stream = new EventStream(source, Forget);
        foreach (IEventDecoder decoder in decoders) decoder.Subscribe(stream);

        void Forget()
        {
            running.Forget();
            foreach (IEventDecoder decoder in decoders) decoder.Forget();
        }
    }
}

/// <summary>Makes one group's events into what a handler understands.</summary>
internal interface IEventDecoder
{
    /// <summary>Subscribes to what it reads.</summary>
    void Subscribe(EventStream stream);

    /// <summary>Events are missing: what began before them may have ended among them.</summary>
    void Forget()
    {
    }
}

/// <summary>A session's events by name. Payloads are read by TraceEvent, which knows every version of each.</summary>
/// <param name="source">The session.</param>
/// <param name="forget">Called before the first event after a loss.</param>
internal sealed class EventStream(EventPipeEventSource source, Action forget)
{
    private readonly GCDynamicTraceEventParser _gcDynamic = new(source);
    private readonly ClrPrivateTraceEventParser _private = new(source);
    private readonly Dictionary<Guid, Action<TraceEvent>> _unnamed = [];
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
        // One look-up for each event of the session, however many providers there are.
        if (_unnamed.Count == 0) source.AllEvents += happened => _unnamed.GetValueOrDefault(happened.ProviderGuid)?.Invoke(happened);
        _unnamed[provider] = _unnamed.GetValueOrDefault(provider) + Then(handle);
    }

    /// <summary>Subscribes to the events of an EventSource by the names that the target declares.</summary>
    public void AddNamed(string provider, Action<TraceEvent, Timestamp> handle)
    {
        Action<TraceEvent> then = Then(handle);
        source.Dynamic.All += happened =>
        {
            if (happened.ProviderName == provider) then(happened);
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

            handle(happened, EventTime.From(happened));
        };
}

/// <summary>Names of enumerated values as labels have them: <c>AllocSmall</c> is <c>alloc_small</c>.</summary>
internal static class LabelText
{
    /// <summary>A value that has no name here: the runtime is newer than this program.</summary>
    public const string Unnamed = "unnamed";

    /// <summary>The label of a value.</summary>
    public static string From<T>(T value)
        where T : struct, Enum => EnumLabels<T>.ByValue.GetValueOrDefault(value, Unnamed);

    private static class EnumLabels<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue =
            Enum.GetValues<T>().Distinct().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}"));
    }
}
