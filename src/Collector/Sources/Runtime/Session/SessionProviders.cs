using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace Observatory.Collector;

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
