using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace Observatory.Collector;

/// <summary>
/// Tells which activity a thread works for from an instant on. There is more than one way for a runtime to tell: .NET 11 has a
/// second one (AsyncProfilerEventSource).
/// </summary>
internal interface ISegmentSource
{
    /// <summary>What a session has to ask for.</summary>
    EventPipeProvider Provider { get; }

    /// <summary>The same for a session that wants to know requests by their activity and not which threads work for them.</summary>
    EventPipeProvider IdentityProvider { get; }

    /// <summary>Id of that provider.</summary>
    Guid ProviderId { get; }

    /// <summary>Reads an event of that provider; false when it does not tell of an activity.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="activity">What the event's thread works for from its time on; none for nothing.</param>
    bool TryRead(TraceEvent happened, out ActivityPath activity);
}

/// <summary>
/// The task library's event SetActivityId: written each time a thread begins or ends to work for an activity, because the
/// execution context that it runs in says so.
/// </summary>
/// <remarks>
/// The first keyword, TasksFlowActivityIds (0x80), makes the class library follow activities through awaits; the second,
/// DebugActivityId (0x40000), lets this one event through. None of the costly events of the task library has either.
/// </remarks>
internal sealed class ActivityIdSegments : ISegmentSource
{
    /// <summary>Name of the task library's provider.</summary>
    public const string Name = "System.Threading.Tasks.TplEventSource";
    private const long Flow = 0x80;
    private const long Keywords = Flow | 0x40000;
    private const int SetActivityId = 25;

    /// <summary>Bytes of an id.</summary>
    private const int IdLength = 16;

    /// <inheritdoc />
    public EventPipeProvider Provider { get; } = new(Name, EventLevel.Informational, Keywords);

    /// <inheritdoc />
    public EventPipeProvider IdentityProvider { get; } = new(Name, EventLevel.Informational, Flow);

    /// <summary>Id of the task library's provider: one of its own, which does not come from the name (TplEventSource.cs).</summary>
    public static readonly Guid Id = new("2e5dba47-a3d2-4d16-8ee0-6671ffdcd7b5");

    /// <inheritdoc />
    public Guid ProviderId => Id;

    /// <inheritdoc />
    public bool TryRead(TraceEvent happened, out ActivityPath activity)
    {
        activity = default;
        return (int)happened.ID == SetActivityId && TryRead(happened.EventData(), out activity);
    }

    /// <summary>Reads the payload; false when it is too short to be one.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> payload, out ActivityPath activity)
    {
        bool isComplete = payload.Length >= IdLength;
        activity = isComplete ? ActivityPath.From(new Guid(payload[..IdLength])) : default;
        return isComplete;
    }
}
