using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing.Session;
using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>One way to ask for a session; older runtimes understand fewer of them.</summary>
/// <param name="Providers">What is asked for.</param>
/// <param name="WithStacks">A stack with each event. It is not used, but before .NET 9 it cannot be declined.</param>
/// <param name="Remark">What a user should know of it; empty for nothing.</param>
internal sealed record SessionRequest(IEnumerable<EventPipeProvider> Providers, bool WithStacks, string Remark)
{
    /// <summary>The runtime takes filters by the number of the event.</summary>
    public bool HasFilters { get; init; }

    /// <summary>All ways, the best one first.</summary>
    public static IEnumerable<SessionRequest> All(EventDetail detail) =>
    [
        new(SessionProviders.Exact(detail), WithStacks: false, "") { HasFilters = true },
        new(SessionProviders.Whole(detail), WithStacks: false, ", without filters: the runtime is older than .NET 10"),
        new(SessionProviders.Whole(detail), WithStacks: true, ", without filters and with stacks: the runtime is older than .NET 9"),
    ];

    /// <summary>Opens a session in the first way that the runtime understands.</summary>
    /// <param name="requests">The ways.</param>
    /// <param name="open">Asks for a session.</param>
    /// <exception cref="ServerErrorException">It understands none, or refuses a session for another reason.</exception>
    public static async Task<(EventPipeSession Session, SessionRequest Request)> OpenAsync(
        IEnumerable<SessionRequest> requests, Func<SessionRequest, Task<EventPipeSession>> open)
    {
        ServerErrorException? refused = null;
        foreach (SessionRequest request in requests)
        {
            try
            {
                return (await open(request).ConfigureAwait(false), request);
            }
            catch (ServerErrorException error)
            {
                // Runtimes do not agree on the error for what they do not know; what is wrong with the session as such
                // they say again at the next attempt.
                refused = error;
            }
        }

        throw refused!;
    }
}

/// <summary>The providers whose events the timeline reads, and the session that asks for them and for whatever else is wanted.</summary>
internal static class RuntimeEventIds
{
    /// <summary>Microsoft-Windows-DotNETRuntime.</summary>
    public static readonly Guid RuntimeProvider = new("e13c0d23-ccbc-4e12-931b-d9cc2eee27e4");

    /// <summary>Observatory-Workload. Event sources derive their id from their name.</summary>
    public static readonly Guid WorkloadProvider = EventSource.GetGuid(typeof(WorkloadEventSource));

    /// <summary>The runtime's event counters. Event sources derive their id from their name.</summary>
    public static readonly Guid HeartbeatProvider = TraceEventProviders.GetEventSourceGuidFromName(HeartbeatSource);

    // The high bits stand for no keyword: all bits zero would mean every event there is.
    internal const long NoKeyword = 0xF00000000000;
    public const string HeartbeatSource = "System.Runtime";

    public const int RestartEnded = 3;
    public const int SuspendEnded = 8;
    public const int SuspendBegan = 9;

    /// <summary>What a session asks for. Rundown stays off, and so do stacks where that can be: one costs the target 7 us.</summary>
    /// <param name="request">What is wanted of the runtime, besides the workload's own events, and how.</param>
    /// <param name="bufferMegabytes">Size of the target's buffers at most.</param>
    /// <param name="extras">What else.</param>
    public static EventPipeSessionConfiguration Session(
        SessionRequest request, int bufferMegabytes, SessionExtras extras) => new(
        [
            .. request.Providers,
            .. Heartbeat(extras),
            .. extras.Units,
            .. Operations(request, extras),
            new EventPipeProvider(
                WorkloadEventSource.SourceName, EventLevel.Informational, WorkloadKeywords(extras), Arguments(extras.Group)),
        ],
        bufferMegabytes,
        requestRundown: false,
        requestStackwalk: request.WithStacks);

    /// <summary>Of each operation its beginning and its end. What the user asks for already lets these through.</summary>
    private static IEnumerable<EventPipeProvider> Operations(SessionRequest request, SessionExtras extras) => extras.Operations
        .ExceptBy(extras.Units.Select(provider => provider.Name), events => events.Provider, StringComparer.OrdinalIgnoreCase)
        .Select(events => request.HasFilters
            ? new EventPipeProvider(
                events.Provider, EventLevel.Informational, NoKeyword, arguments: null,
                new EventPipeProviderEventFilter(enable: true, [OperationEvents.Started, OperationEvents.Stopped]))
            : new EventPipeProvider(events.Provider, EventLevel.Informational, NoKeyword));

    /// <summary>The runtime's event counters, some twenty a second: nothing cheaper comes by itself, from every version.</summary>
    private static EventPipeProvider[] Heartbeat(SessionExtras extras) => !extras.Heartbeat
        ? []
        : [new(HeartbeatSource, EventLevel.Critical, NoKeyword, new Dictionary<string, string> { ["EventCounterIntervalSec"] = "1" })];

    private static long WorkloadKeywords(SessionExtras extras) => NoKeyword
        | (extras.OwnCounters ? (long)WorkloadEventSource.Keywords.Counters : 0)
        | (extras.Group is null ? 0 : (long)WorkloadEventSource.Keywords.CounterGroup);

    private static Dictionary<string, string>? Arguments(CounterSet? group) =>
        group is null ? null : new() { [CounterSet.Argument] = group.Name };
}

/// <summary>What a session asks for besides the groups of runtime events.</summary>
/// <param name="OwnCounters">The driving threads' own counters: the kernel source needs them.</param>
/// <param name="Group">The set of counters that driving threads read at their marks; null for none.</param>
/// <param name="Heartbeat">
/// Events of the runtime once a second: the target may send none of its own, and a stream that stands still does not tell
/// how far it is complete.
/// </param>
internal sealed record SessionExtras(bool OwnCounters, CounterSet? Group, bool Heartbeat)
{
    /// <summary>What tells of requests, and which thread works for them.</summary>
    public IEnumerable<EventPipeProvider> Units { get; init; } = [];

    /// <summary>What tells of operations that requests wait for.</summary>
    public IEnumerable<OperationEvents> Operations { get; init; } = [];

    /// <summary>With what the present level of requests needs.</summary>
    public SessionExtras With(UnitObservation units, ISegmentSource segments) => this with
    {
        Units = UnitProviders.Of(units, segments), Operations = units.Level >= UnitLevel.Segments ? OperationEvents.All : [],
    };
}

/// <summary>The providers that tell of requests. The thread pool's queue is a group of runtime events.</summary>
internal static class UnitProviders
{
    public static IEnumerable<EventPipeProvider> Of(UnitObservation units, ISegmentSource segments)
    {
        if (units.Level < UnitLevel.Starts) yield break;
        if (units.HasRequests) yield return new EventPipeProvider(HostingEvents.Provider, EventLevel.Informational, RuntimeEventIds.NoKeyword);
        yield return units.Level >= UnitLevel.Segments ? segments.Provider : segments.IdentityProvider;
        foreach (UnitEvents events in units.Events.DistinctBy(events => events.Provider)) yield return events.Asked;
        if (units.Activities.Any) yield return ActivityProvider.Read(units.Activities.Wanted);
    }
}
