using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>How much of the runtime to observe: a level, and groups added to it or taken from it.</summary>
/// <param name="Groups">What is asked for.</param>
internal readonly record struct EventDetail(EventGroups Groups)
{
    private const EventGroups GcGroups = EventGroups.Gc | EventGroups.Background;

    private const EventGroups DefaultGroups = GcGroups | EventGroups.Contention | EventGroups.Pool | EventGroups.Threads
        | EventGroups.Tiering | EventGroups.Loader;

    private const EventGroups AllGroups = DefaultGroups | EventGroups.Exceptions | EventGroups.Allocations | EventGroups.Queue | EventGroups.Waits | EventGroups.Jit;

    /// <summary>What is observed when nothing else was asked for.</summary>
    public static readonly EventDetail Default = new(DefaultGroups);

    /// <summary>Reads <c>LEVEL[,+GROUP][,-GROUP]...</c>.</summary>
    /// <exception cref="UsageException">There is no such level or group.</exception>
    public static EventDetail Parse(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        EventGroups groups = Level(parts[0]);
        foreach (string change in parts.Skip(1))
        {
            if (change.StartsWith('+')) groups |= Group(change[1..]);
            else if (change.StartsWith('-')) groups &= ~Group(change[1..]);
            else throw new UsageException($"--runtime-events '{change}' neither adds nor removes a group. Write it like default,+allocations,-loader.");
        }

        // A work item's name is its address: without collections nobody knows when that changes.
        if (groups.HasFlag(EventGroups.Queue)) groups |= EventGroups.Gc;
        return new EventDetail(groups);
    }

    /// <summary>True when all of the groups are observed.</summary>
    public bool Has(EventGroups groups) => (Groups & groups) == groups;

    private static EventGroups Level(string name) => name switch
    {
        "off" => EventGroups.None,
        "gc" => GcGroups,
        "default" => DefaultGroups,
        "verbose" => AllGroups,
        _ => throw new UsageException($"--runtime-events '{name}' is no level. Choose off, gc, default or verbose."),
    };

    private static EventGroups Group(string name) =>
        Array.Find(Enum.GetValues<EventGroups>(), group => group != EventGroups.None && name == NameOf(group)) is var found and not EventGroups.None
            ? found
            : throw new UsageException($"--runtime-events: '{name}' is no group. Choose from {string.Join(", ", Enum.GetValues<EventGroups>().Skip(1).Select(NameOf))}.");

    /// <summary>A group's name, in options and metrics.</summary>
    public static string NameOf(EventGroups group) => Enum.GetName(group)!.ToLowerInvariant();
}
