namespace Observatory.Timeline;

/// <summary>One unit of work and where its wall time went.</summary>
/// <param name="Thread">Kernel id of the thread that worked on it first.</param>
/// <param name="Iteration">Number of the unit in its process: of the iteration, where it is one.</param>
/// <param name="Configuration">Index of its configuration.</param>
/// <param name="Began">First instant.</param>
/// <param name="Ended">Last instant.</param>
/// <param name="Times">The split: its total is exactly <see cref="Wall"/>.</param>
/// <param name="Reasons">Why it is incomplete.</param>
public readonly record struct UnitAccount(
    int Thread,
    long Iteration,
    long Configuration,
    Timestamp Began,
    Timestamp Ended,
    StateTimes Times,
    IncompleteReasons Reasons)
{
    /// <summary>What kind of unit it is.</summary>
    public UnitKind Kind { get; init; }

    /// <summary>Times a thread began to work on it: one for an iteration, unless it ended on another thread.</summary>
    public int Segments { get; init; } = 1;

    /// <summary>False when an event that could have changed the split is missing.</summary>
    public bool IsComplete => Reasons == IncompleteReasons.None;

    /// <summary>Wall time from beginning to end.</summary>
    public Duration Wall => Ended - Began;

    /// <summary>Counts and times that are not part of the split.</summary>
    public UnitDetails Details { get => field ?? UnitDetails.None; init; }
}

/// <summary>What was counted of a unit in addition to the split of its wall time. Its thread is the one that works on it.</summary>
public sealed record UnitDetails
{
    /// <summary>Nothing was measured.</summary>
    public static readonly UnitDetails None = new();

    /// <summary>Times its thread gave its CPU up of its own will.</summary>
    public long VoluntarySwitches { get; init; }

    /// <summary>Times its thread lost its CPU while it still wanted it.</summary>
    public long InvoluntarySwitches { get; init; }

    /// <summary>Times its thread came to another CPU than it was on before.</summary>
    public long Migrations { get; init; }

    /// <summary>Page faults of its thread that needed no disk.</summary>
    public long MinorFaults { get; init; }

    /// <summary>Page faults of its thread that had to read from a disk.</summary>
    public long MajorFaults { get; init; }

    /// <summary>Page faults of all threads of the process that needed no disk.</summary>
    public long PoolMinorFaults { get; init; }

    /// <summary>Page faults of all threads of the process that had to read from a disk.</summary>
    public long PoolMajorFaults { get; init; }

    /// <summary>The states of all threads of the process inside the unit's window; none for a unit that shares its time with others.</summary>
    public PoolAccount Pool { get; init; } = PoolAccount.None;

    /// <summary>What the blocked time of the account waited for; all of it unexplained where wake-ups are not seen.</summary>
    public BlockedAccount Blocked { get; init; } = BlockedAccount.None;

    /// <summary>What its own counters counted of its thread; null where they were not asked for, or nothing was counted.</summary>
    public CountedEvents? Counted { get; init; }

    /// <summary>
    /// Time of all threads that worked on it, by their state; of threads that did so at once all of it. The wall time has the
    /// states of one of them at a time.
    /// </summary>
    public StateTimes Work { get; init; }

    /// <summary>Where it was worked on, in order of their ends: at most the first 128; none of an iteration, which is one.</summary>
    public IReadOnlyList<UnitSegment> Segments { get; init; } = [];

    /// <summary>False when an event that could have changed something here is missing: counts are then lower bounds.</summary>
    public bool IsComplete { get; init; }
}

/// <summary>What a group of counters of the processor, or of the kernel, counted of its thread inside a unit of work.</summary>
/// <param name="Set">Name of the set of counters.</param>
/// <param name="Names">Names of its counters.</param>
/// <param name="Values">What each counted, scaled to the whole time; null for one that the machine lacks.</param>
/// <param name="CountedShare">
/// The part of its time on a CPU in which the thread had the counters, 0 to 1. Below 1 others shared them, and the values
/// are scaled up from that part.
/// </param>
public sealed record CountedEvents(
    string Set, IReadOnlyList<string> Names, IReadOnlyList<long?> Values, double CountedShare);
