using System.Runtime.CompilerServices;

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

/// <summary>What a unit of work is.</summary>
public enum UnitKind
{
    /// <summary>What a driving thread repeats. While it lasts the pool works for it, so the pool's time is shown with it.</summary>
    Iteration,

    /// <summary>What a server is asked for: many at a time, each on one thread after another.</summary>
    Request,

    /// <summary>What lies between two events that the user names; otherwise like a request.</summary>
    Event,
}

/// <summary>The number of a unit of work.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Number">Its number among those of its kind, in its process.</param>
public readonly record struct UnitId(UnitKind Kind, long Number)
{
    /// <summary>True where the time of the whole process belongs to it while it lasts.</summary>
    public bool IsExclusive => Kind == UnitKind.Iteration;

    /// <inheritdoc />
    public bool Equals(UnitId other) => Number == other.Number && Kind == other.Kind;

    /// <inheritdoc />
    public override int GetHashCode() => Number.GetHashCode();
}

/// <summary>What was counted of a unit in addition to the split of its wall time. Its thread is the one that works on it.</summary>
public sealed record UnitDetails
{
    /// <summary>Nothing was measured.</summary>
    public static readonly UnitDetails None = new();

    /// <summary>Times its thread gave its CPU up voluntarily.</summary>
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

    /// <summary>The account's <see cref="AccountState.Awaiting"/> by the operation that was under way.</summary>
    public AwaitedTimes Awaited { get; init; }

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

/// <summary>The states a unit's wall time is split into. They do not overlap and leave nothing out.</summary>
public enum AccountState
{
    /// <summary>Inside a suspension of the runtime, whatever the thread did in it. Takes precedence.</summary>
    Gc,

    /// <summary>On a CPU.</summary>
    Running,

    /// <summary>Wanted the CPU, lost it.</summary>
    Preempted,

    /// <summary>Was woken, waits for a CPU.</summary>
    Waking,

    /// <summary>Gave the CPU up, not yet woken.</summary>
    Blocked,

    /// <summary>Inside a loss: not known.</summary>
    Unknown,

    /// <summary>Ready, and no thread has taken it; only of a unit that moves between threads.</summary>
    Queued,

    /// <summary>No thread works for it, it waits for something to be done elsewhere; only of a unit that moves between threads.</summary>
    Awaiting,
}

/// <summary>What the two kinds of states have in common.</summary>
internal static class AccountStates
{
    /// <summary>The account's name for a thread's state.</summary>
    public static AccountState From(ThreadState state) => state switch
    {
        ThreadState.Running => AccountState.Running,
        ThreadState.Preempted => AccountState.Preempted,
        ThreadState.Waking => AccountState.Waking,
        ThreadState.Blocked => AccountState.Blocked,
        _ => AccountState.Unknown,
    };
}

/// <summary>A duration for each <see cref="AccountState"/>.</summary>
[InlineArray(Length)]
public struct StateTimes : IEquatable<StateTimes>
{
    /// <summary>Number of states.</summary>
    public const int Length = 8;

    /// <summary>The states a thread can be in come first.</summary>
    internal const int ThreadStates = 6;

    private long _first;

    /// <summary>The states that a thread can be in: all there are of an iteration.</summary>
    public static readonly AccountState[] States =
    [
        AccountState.Gc, AccountState.Running, AccountState.Preempted, AccountState.Waking, AccountState.Blocked, AccountState.Unknown,
    ];

    /// <summary>Every state, in the order of the enumeration: also those of a unit that no thread works on.</summary>
    public static readonly AccountState[] UnitStates = Enum.GetValues<AccountState>();

    /// <summary>Time in one state.</summary>
    public Duration this[AccountState state]
    {
        readonly get => new(this[(int)state]);
        set => this[(int)state] = value.Nanoseconds;
    }

    /// <summary>Time over all states.</summary>
    public readonly Duration Total
    {
        get
        {
            long sum = 0;
            foreach (long nanoseconds in this) sum += nanoseconds;
            return new Duration(sum);
        }
    }

    /// <summary>Adds the times of another account, state by state.</summary>
    public void Add(in StateTimes other)
    {
        for (int i = 0; i < Length; i++) this[i] += other[i];
    }

    /// <inheritdoc />
    public readonly bool Equals(StateTimes other) => ((ReadOnlySpan<long>)this).SequenceEqual(other);

    /// <inheritdoc />
    public override readonly bool Equals(object? obj) => obj is StateTimes other && Equals(other);

    /// <inheritdoc />
    public override readonly int GetHashCode() => Total.GetHashCode();

    public static bool operator ==(StateTimes left, StateTimes right) => left.Equals(right);
    public static bool operator !=(StateTimes left, StateTimes right) => !left.Equals(right);
}
