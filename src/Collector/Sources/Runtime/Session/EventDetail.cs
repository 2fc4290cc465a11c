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

        return new EventDetail(Completed(groups));
    }

    /// <summary>With what a level of units needs of it.</summary>
    public EventDetail With(UnitLevel units) =>
        units >= UnitLevel.Queue ? new EventDetail(Completed(Groups | EventGroups.Queue)) : this;

    /// <summary>True when all of the groups are observed.</summary>
    public bool Has(EventGroups groups) => (Groups & groups) == groups;

    // A work item's name is its address: without collections it is not known when that changes.
    private static EventGroups Completed(EventGroups groups) =>
        groups.HasFlag(EventGroups.Queue) ? groups | EventGroups.Gc : groups;

    private static EventGroups Level(string name) => name switch
    {
        "off" => EventGroups.None,
        "gc" => GcGroups,
        "default" => DefaultGroups,
        "verbose" => AllGroups,
        _ => throw new UsageException($"--runtime-events '{name}' is not a level. Choose off, gc, default or verbose."),
    };

    private static EventGroups Group(string name) =>
        Array.Find(Enum.GetValues<EventGroups>(), group => group != EventGroups.None && name == NameOf(group)) is var found and not EventGroups.None
            ? found
            : throw new UsageException($"--runtime-events: '{name}' is not a group. Choose from {string.Join(", ", Enum.GetValues<EventGroups>().Skip(1).Select(NameOf))}.");

    /// <summary>A group's name, in options and metrics.</summary>
    public static string NameOf(EventGroups group) => Enum.GetName(group)!.ToLowerInvariant();
}

/// <summary>Kinds of runtime events that are asked for together, or not at all. What each costs: docs/runtime-events.md.</summary>
[Flags]
internal enum EventGroups
{
    /// <summary>Only what the workload itself marks.</summary>
    None = 0,

    /// <summary>Suspensions, collections, generations, what is committed.</summary>
    Gc = 1 << 0,

    /// <summary>Phases of background collections.</summary>
    Background = 1 << 1,

    /// <summary>Waits for locks.</summary>
    Contention = 1 << 2,

    /// <summary>How many workers the thread pool has, and why.</summary>
    Pool = 1 << 3,

    /// <summary>Managed threads that are created.</summary>
    Threads = 1 << 4,

    /// <summary>Exceptions that are thrown.</summary>
    Exceptions = 1 << 5,

    /// <summary>Recompilation of methods that are called often.</summary>
    Tiering = 1 << 6,

    /// <summary>Assemblies that are loaded.</summary>
    Loader = 1 << 7,

    /// <summary>Samples of allocations: one in 100 KB or so.</summary>
    Allocations = 1 << 8,

    /// <summary>Every work item of the thread pool.</summary>
    Queue = 1 << 9,

    /// <summary>Waits for handles and monitors.</summary>
    Waits = 1 << 10,

    /// <summary>Every method that is compiled.</summary>
    Jit = 1 << 11,
}
