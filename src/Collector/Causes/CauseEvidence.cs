using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>One unit of work, as far as causes are looked for.</summary>
/// <param name="Thread">The thread that drove it.</param>
/// <param name="Began">First instant.</param>
/// <param name="Ended">Last instant.</param>
/// <param name="Times">Its wall time by state.</param>
/// <param name="Blocked">What its blocked time waited for; what is left of it is unexplained.</param>
/// <param name="MinorFaults">Page faults of the thread that needed no disk.</param>
internal readonly record struct UnitEvidence(
    int Thread, Timestamp Began, Timestamp Ended, StateTimes Times, IReadOnlyList<BlockedShare> Blocked, long MinorFaults)
{
    /// <summary>Its awaiting time by the operation that was under way.</summary>
    public AwaitedTimes Awaited { get; init; }

    /// <summary>Which thread worked on it when; of an iteration its thread did all the time.</summary>
    public IReadOnlyList<UnitSegment> Segments { get => field ?? [new UnitSegment(Thread, Began, Ended)]; init; }
}

/// <summary>The process that had a CPU that a thread of the target wanted.</summary>
/// <param name="Kind">Own threads, a neighbour, the observer, an idle CPU, or unknown.</param>
/// <param name="By">Its name.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Where">The container or service it belongs to; empty where it is in none, or in the target's own.</param>
internal readonly record struct Holder(CauseKind Kind, string By, int Pid, string Where = "")
{
    /// <summary>As cheap as that of a <see cref="Cause"/>, for the same reason.</summary>
    public override int GetHashCode() => ((((int)Kind * 397) + Pid) * 397) + By.Length;
}

/// <summary>What is known beside the account of a unit.</summary>
internal sealed class CauseEvidence
{
    /// <summary>The holders of CPUs, by the thread that waited.</summary>
    public Dictionary<int, IntervalLog<Holder>> Holders { get; } = [];

    /// <summary>Managed locks that threads waited for, by the thread that waited; the owner's name.</summary>
    public Func<int, IntervalLog<string>?> Locks { get; init; } = _ => null;

    /// <summary>Suspensions of the runtime: the generation, the reason and the thread that asked for it.</summary>
    public IntervalLog<Cause> Pauses { get; } = new();

    /// <summary>When the quota was used up.</summary>
    public IntervalLog<string> Throttled { get; private set; } = new(1);

    /// <summary>Time the hypervisor took.</summary>
    public IntervalLog<bool> Stolen { get; private set; } = new(1);

    /// <summary>Time in which work stalled for memory.</summary>
    public IntervalLog<bool> MemoryStalled { get; private set; } = new(1);

    /// <summary>Time in which work stalled for a disk.</summary>
    public IntervalLog<bool> IoStalled { get; private set; } = new(1);

    /// <summary>Time in which the target was stopped by a signal or a debugger.</summary>
    public IntervalLog<bool> Stopped { get; private set; } = new(1);

    /// <summary>Time for which the thread pool says it made no progress until it added a worker.</summary>
    public IntervalLog<bool> Starved { get; } = new();

    /// <summary>What the target may use.</summary>
    public Func<TargetLimits> Limits { get; init; } = () => TargetLimits.None;

    /// <summary>Name of a thread.</summary>
    public Func<int, string> NameOf { get; init; } = thread => $"thread {thread}";

    /// <summary>The process of a thread, and its name.</summary>
    public Func<int, (int Process, string Command)> ProcessOf { get; init; } = thread => (0, $"thread {thread}");

    /// <summary>True for a thread of the kernel itself, whatever it is called.</summary>
    public Func<int, bool> IsOfKernel { get; init; } = _ => false;

    /// <summary>Seconds that a minor page fault costs; 0 where that is not known.</summary>
    public double FaultSeconds { get; init; }

    /// <summary>From now on what these say counts.</summary>
    public void Take(TargetConditions conditions) => (Throttled, Stolen, MemoryStalled, IoStalled, Stopped) =
        (conditions.Throttled, conditions.Stolen, conditions.MemoryStalled, conditions.IoStalled, conditions.Stopped);
}
