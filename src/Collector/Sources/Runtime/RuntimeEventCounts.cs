using Microsoft.Diagnostics.Tracing;

namespace Observatory.Collector;

/// <summary>Counts events that the timeline does not read by the group they were asked for with.</summary>
internal sealed class RuntimeEventCounts(SourceStatus status)
{
    private const int MostIds = 512;
    private readonly SourceStatus.Counter _other = status.CounterOf("other");
    private readonly SourceStatus.Counter?[] _byId = new SourceStatus.Counter?[MostIds];

    public void Count(TraceEvent happened) => CounterOf(happened).Increment();

    private SourceStatus.Counter CounterOf(TraceEvent happened)
    {
        // Events of the garbage collector that are not in the manifest get a number from TraceEvent, beyond all others.
        int id = (int)happened.ID;
        if (happened.ProviderGuid != RuntimeEventIds.RuntimeProvider || id >= MostIds) return OfProvider(happened);
        return _byId[id] ??= GroupEvents.All.Append(GroupEvents.Ticks)
            .FirstOrDefault(events => events.IsOfRuntime && events.Ids.Contains((uint)id)) is { } group ? CounterOf(group.Group) : _other;
    }

    private SourceStatus.Counter OfProvider(TraceEvent happened) =>
        happened.ProviderGuid == GroupEvents.FrameworkProvider ? CounterOf(EventGroups.Queue)
        : happened.ProviderGuid == RuntimeEventIds.RuntimeProvider ? CounterOf(EventGroups.Gc)
        : happened.ProviderGuid == GroupEvents.PrivateProvider ? CounterOf(EventGroups.Background)
        : _other;

    private SourceStatus.Counter CounterOf(EventGroups group) => status.CounterOf(EventDetail.NameOf(group));
}
