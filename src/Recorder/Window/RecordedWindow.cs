using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>A stretch of time.</summary>
public readonly record struct TimeRange(Timestamp From, Timestamp To)
{
    /// <summary>Its length.</summary>
    public Duration Length => To - From;

    /// <summary>The part of it that lies in another one, which may be empty.</summary>
    public Duration Inside(Timestamp from, Timestamp to)
    {
        Duration inside = Timestamp.Earlier(To, to) - Timestamp.Later(From, from);
        return inside > Duration.Zero ? inside : Duration.Zero;
    }
}

/// <summary>A stretch of time in which events of a scope are missing.</summary>
public readonly record struct RecordedLoss(LossScope Scope, Timestamp From, Timestamp To, IncompleteReasons Why);

/// <summary>A stretch of time in which a thread held a CPU.</summary>
public readonly record struct CpuSlice(int Cpu, int Thread, int Process, Timestamp From, Timestamp To);

/// <summary>A part of a unit that moves between threads: one thread works on it, or none does.</summary>
/// <param name="Thread">The thread; 0 in a gap.</param>
/// <param name="Gap">Without a thread, what the unit waited for: <c>Queued</c>, <c>Awaiting</c>, or <c>Unknown</c>.</param>
/// <param name="From">First instant.</param>
/// <param name="To">Last instant.</param>
public readonly record struct UnitStretch(int Thread, AccountState Gap, Timestamp From, Timestamp To)
{
    /// <summary>In a gap that is <c>Awaiting</c>, the operation that was under way.</summary>
    public AwaitedFor Awaited { get; init; }

    /// <summary>What a gap is called: its state, and of a wait the operation that was under way, where one is told: <c>awaiting http</c>.</summary>
    public string GapName
    {
        get
        {
            string state = Gap.ToString().ToLowerInvariant();
            bool isTold = Gap == AccountState.Awaiting && Awaited is not (AwaitedFor.Other or AwaitedFor.Unknown);
            return isTold ? $"{state} {Awaited.ToString().ToLowerInvariant()}" : state;
        }
    }
}

/// <summary>A unit of work that lies in a window, or in part.</summary>
/// <param name="Thread">The thread that drives it, or worked on it first; 0 where none has yet.</param>
/// <param name="Iteration">Its number among those of its kind.</param>
/// <param name="Configuration">Index of its configuration.</param>
/// <param name="Began">First instant.</param>
/// <param name="Ended">Last instant; null while it has not ended.</param>
/// <param name="Account">Its account; null where none was closed.</param>
public sealed record RecordedUnit(
    int Thread, long Iteration, long Configuration, Timestamp Began, Timestamp? Ended, UnitAccount? Account)
{
    /// <summary>What kind of unit it is.</summary>
    public UnitKind Kind { get; init; }

    /// <summary>Its number and kind.</summary>
    public UnitId Id => new(Kind, Iteration);

    /// <summary>
    /// The parts of a unit that moves between threads, in their order, as far as they lie in the window; empty for an
    /// iteration, which its thread works on all the time.
    /// </summary>
    public IReadOnlyList<UnitStretch> Stretches { get; init; } = [];

    /// <summary>The threads that held the CPUs its own threads waited for, and how long.</summary>
    public IReadOnlyDictionary<int, Duration> Holders { get; init; } = new Dictionary<int, Duration>();

    /// <summary>The same for every other thread of the target, in waits that began inside an iteration.</summary>
    public IReadOnlyDictionary<int, Duration> HoldersOfOthers { get; init; } = new Dictionary<int, Duration>();
}

/// <summary>
/// What happened in the generations of a cut, beside the events themselves: what replaying them through the timeline's
/// rules tells. Holds single slices only of a focus, because a full ring has millions.
/// </summary>
public sealed class RecordedWindow
{
    internal RecordedWindow(IReadOnlyList<Generation> generations, TimeRange focus)
    {
        (Generations, Focus) = (generations, focus);
        From = generations[0].From;
        To = generations[^1].To;
    }

    /// <summary>Where the events are.</summary>
    public IReadOnlyList<Generation> Generations { get; }

    /// <summary>First instant of which everything is known that is not said to be missing.</summary>
    public Timestamp From { get; }

    /// <summary>Last instant.</summary>
    public Timestamp To { get; }

    /// <summary>The target.</summary>
    public int Process => Generations[0].Start.Process;

    /// <summary>The suspensions of the runtime.</summary>
    public required IReadOnlyList<TimeRange> Suspensions { get; init; }

    /// <summary>What is missing.</summary>
    public required IReadOnlyList<RecordedLoss> Losses { get; init; }

    /// <summary>The units of work, in the order in which they ended; those that have not last.</summary>
    public required IReadOnlyList<RecordedUnit> Units { get; init; }

    /// <summary>
    /// States of the target's threads that no switch tells: those that are not known, and running that was proven by an
    /// event of the thread's own.
    /// </summary>
    public required IReadOnlyList<ThreadSlice> BesideSwitches { get; init; }

    /// <summary>The role of every thread of the target.</summary>
    public required IReadOnlyDictionary<int, ThreadRole> Roles { get; init; }

    /// <summary>The part that is looked at closely.</summary>
    public TimeRange Focus { get; }

    /// <summary>The states of the target's threads in the focus.</summary>
    public required IReadOnlyList<ThreadSlice> States { get; init; }

    /// <summary>The threads that held the CPUs in the focus.</summary>
    public required IReadOnlyList<CpuSlice> Lanes { get; init; }

    /// <summary>
    /// Moments at which a thread gave its CPU up although it had been woken already, so that it waited for a CPU and did
    /// not sleep. Only its return tells, so only the replay knows.
    /// </summary>
    public required IReadOnlySet<(int Thread, Timestamp At)> NoSleeps { get; init; }
}
