using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Session;

namespace Observatory.Collector;

/// <summary>What a session has to ask one provider for, so that it sends the events of one group.</summary>
/// <param name="Group">The group.</param>
/// <param name="Provider">Name of the provider.</param>
/// <param name="Keyword">Keywords, of the provider's manifest.</param>
/// <param name="Level">Least severe level.</param>
/// <param name="Ids">The events that are read; what else keyword and level let through is not wanted.</param>
internal sealed record GroupEvents(EventGroups Group, string Provider, long Keyword, EventLevel Level, params uint[] Ids)
{
    public const string Runtime = "Microsoft-Windows-DotNETRuntime";
    public const string Private = "Microsoft-Windows-DotNETRuntimePrivate";
    public const string Framework = "System.Diagnostics.Eventing.FrameworkEventSource";

    /// <summary>Id of the class library's provider in EventPipe, where every id comes from the name.</summary>
    public static readonly Guid FrameworkProvider = TraceEventProviders.GetEventSourceGuidFromName(Framework);

    /// <summary>Id of Microsoft-Windows-DotNETRuntimePrivate.</summary>
    public static readonly Guid PrivateProvider = ClrPrivateTraceEventParser.ProviderGuid;

    /// <summary>All there are; ids, keywords and levels are those of ClrEtwAll.man and FrameworkEventSource.</summary>
    public static readonly IReadOnlyList<GroupEvents> All =
    [
        // Start, stop, restart ended, heap stats, suspend ended and began, dynamic (committed), per-heap history.
        new(EventGroups.Gc, Runtime, 0x1, EventLevel.Informational, 1, 2, 3, 4, 8, 9, 39, 204),
        new(EventGroups.Background, Private, 0x1, EventLevel.Informational, 11, 12, 13, 14, 15, 16, 17),
        new(EventGroups.Contention, Runtime, 0x4000, EventLevel.Informational, 81, 91),
        new(EventGroups.Pool, Runtime, 0x10000, EventLevel.Informational, 50, 51, 55),
        new(EventGroups.Threads, Runtime, 0x10000, EventLevel.Informational, 85),
        new(EventGroups.Exceptions, Runtime, 0x8000, EventLevel.Error, 80),
        new(EventGroups.Tiering, Runtime, 0x1000000000, EventLevel.Informational, 283, 284),
        new(EventGroups.Loader, Runtime, 0x8, EventLevel.Informational, 154),
        new(EventGroups.Allocations, Runtime, 0x80000000000, EventLevel.Informational, 303),
        new(EventGroups.Queue, Framework, 0x2, EventLevel.Verbose, 30, 31),
        new(EventGroups.Waits, Runtime, 0x40000000000, EventLevel.Verbose, 301, 302),
        new(EventGroups.Jit, Runtime, 0x10, EventLevel.Verbose, 143, 145),
    ];

    /// <summary>Before .NET 10 there is no sampling: a tick about every 100 KB in its place, seen at this level of GC.</summary>
    public static readonly GroupEvents Ticks = new(EventGroups.Allocations, Runtime, 0x1, EventLevel.Verbose, 10);

    /// <summary>True for the runtime's main provider.</summary>
    public bool IsOfRuntime => Provider == Runtime;
}

/// <summary>The providers that a session asks for.</summary>
internal static class SessionProviders
{
    /// <summary>For .NET 10 and later: exactly the events that are read, and nothing else of what a level brings along.</summary>
    public static IEnumerable<EventPipeProvider> Exact(EventDetail detail) =>
        Wanted(detail, GroupEvents.All).Select(events => new EventPipeProvider(
            events.Key, Level(events), Keywords(events), arguments: null, new EventPipeProviderEventFilter(enable: true, Ids(events))));

    /// <summary>For runtimes that know no filter, nor allocation sampling.</summary>
    public static IEnumerable<EventPipeProvider> Whole(EventDetail detail) =>
        Wanted(detail, [.. GroupEvents.All.Where(events => events.Group != EventGroups.Allocations), GroupEvents.Ticks])
            .Select(events => new EventPipeProvider(events.Key, Level(events), Keywords(events)));

    private static IEnumerable<IGrouping<string, GroupEvents>> Wanted(EventDetail detail, IEnumerable<GroupEvents> all) =>
        all.Where(events => detail.Has(events.Group)).GroupBy(events => events.Provider);

    private static EventLevel Level(IEnumerable<GroupEvents> events) => events.Max(one => one.Level);

    private static long Keywords(IEnumerable<GroupEvents> events) => events.Aggregate(0L, (all, one) => all | one.Keyword);

    private static uint[] Ids(IEnumerable<GroupEvents> events) => [.. events.SelectMany(one => one.Ids).Distinct()];
}
