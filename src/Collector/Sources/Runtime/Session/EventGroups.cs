namespace Observatory.Collector;

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
