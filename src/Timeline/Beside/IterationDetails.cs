namespace Observatory.Timeline;

/// <summary>What stands beside the account of an iteration: not added to its wall time.</summary>
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

    /// <summary>What its own counters counted of the driving thread; null where nobody asked, or nothing was counted.</summary>
    public CountedEvents? Counted { get; init; }

    /// <summary>False when an event that could have changed something here is missing: counts are then lower bounds.</summary>
    public bool IsComplete { get; init; }
}
