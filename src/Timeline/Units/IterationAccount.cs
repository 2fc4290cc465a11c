namespace Observatory.Timeline;

/// <summary>One iteration and where its wall time went.</summary>
/// <param name="Thread">Kernel id of the driving thread.</param>
/// <param name="Iteration">Number of the iteration in its process.</param>
/// <param name="Configuration">Index of its configuration.</param>
/// <param name="Began">First instant.</param>
/// <param name="Ended">Last instant.</param>
/// <param name="Times">The split: its total is exactly <see cref="Wall"/>.</param>
/// <param name="Reasons">Why it is incomplete.</param>
public readonly record struct IterationAccount(
    int Thread,
    long Iteration,
    long Configuration,
    Timestamp Began,
    Timestamp Ended,
    StateTimes Times,
    IncompleteReasons Reasons)
{
    /// <summary>False when an event that could have changed the split is missing.</summary>
    public bool IsComplete => Reasons == IncompleteReasons.None;

    /// <summary>Wall time from beginning to end.</summary>
    public Duration Wall => Ended - Began;

    /// <summary>Counts and times that are not part of the split.</summary>
    public IterationDetails Details { get => field ?? IterationDetails.None; init; }
}

/// <summary>What was counted of an iteration in addition to the split of its wall time.</summary>
public sealed record IterationDetails
{
    /// <summary>Nothing was measured.</summary>
    public static readonly IterationDetails None = new();

    /// <summary>Times the driving thread gave its CPU up of its own will.</summary>
    public long VoluntarySwitches { get; init; }

    /// <summary>Times the driving thread lost its CPU while it still wanted it.</summary>
    public long InvoluntarySwitches { get; init; }

    /// <summary>Times the driving thread came to another CPU than it was on before.</summary>
    public long Migrations { get; init; }

    /// <summary>Page faults of the driving thread that needed no disk.</summary>
    public long MinorFaults { get; init; }

    /// <summary>Page faults of the driving thread that had to read from a disk.</summary>
    public long MajorFaults { get; init; }

    /// <summary>Page faults of all threads of the process that needed no disk.</summary>
    public long PoolMinorFaults { get; init; }

    /// <summary>Page faults of all threads of the process that had to read from a disk.</summary>
    public long PoolMajorFaults { get; init; }

    /// <summary>The states of all threads of the process inside the iteration's window.</summary>
    public PoolAccount Pool { get; init; } = PoolAccount.None;

    /// <summary>What the blocked time of the account waited for; all of it unexplained where wake-ups are not seen.</summary>
    public BlockedAccount Blocked { get; init; } = BlockedAccount.None;

    /// <summary>What its own counters counted of the driving thread; null where they were not asked for, or nothing was counted.</summary>
    public CountedEvents? Counted { get; init; }

    /// <summary>False when an event that could have changed something here is missing: counts are then lower bounds.</summary>
    public bool IsComplete { get; init; }
}

/// <summary>What a group of counters of the processor, or of the kernel, counted of the driving thread inside an iteration.</summary>
/// <param name="Set">Name of the set of counters.</param>
/// <param name="Names">Names of its counters.</param>
/// <param name="Values">What each counted, scaled to the whole time; null for one that the machine lacks.</param>
/// <param name="CountedShare">
/// The part of its time on a CPU in which the thread had the counters, 0 to 1. Below 1 others shared them, and the values
/// are scaled up from that part.
/// </param>
public sealed record CountedEvents(
    string Set, IReadOnlyList<string> Names, IReadOnlyList<long?> Values, double CountedShare);
