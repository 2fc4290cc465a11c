using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Observatory.Collector;

/// <summary>What wall time was spent for. All but the first two, and what was awaited, take time without doing the program's work.</summary>
internal enum CauseKind
{
    /// <summary>The thread ran its own code.</summary>
    Work,

    /// <summary>It waited for other threads of its program, which ran: a parallel library's barrier, a task.</summary>
    Workers,

    /// <summary>A process or kernel thread had the CPU that it wanted.</summary>
    Neighbour,

    /// <summary>Another thread of the program had the CPU: more threads than CPUs.</summary>
    OwnThreads,

    /// <summary>Its affinity mask kept it, or the program's other threads, on fewer CPUs than there are.</summary>
    Affinity,

    /// <summary>Its nice value or class let others go first.</summary>
    Priority,

    /// <summary>It was runnable, and the CPU quota of its control group, or of one above it, was used up.</summary>
    Throttled,

    /// <summary>The hypervisor ran something else on the virtual CPU.</summary>
    Steal,

    /// <summary>The runtime suspended its threads.</summary>
    Gc,

    /// <summary>A managed lock was held by another thread.</summary>
    Lock,

    /// <summary>It waited for a thread of its program that slept itself, or did something that it had not asked for.</summary>
    Waiting,

    /// <summary>Its thread stood still until asynchronous work of the same unit had been done: <c>Task.Wait()</c>, <c>.Result</c>.</summary>
    SyncOverAsync,

    /// <summary>All workers of the thread pool were busy or blocked, and the pool took its time to add one.</summary>
    PoolStarvation,

    /// <summary>It waited for another process.</summary>
    OtherProcess,

    /// <summary>A signal or a debugger had stopped the program.</summary>
    Stopped,

    /// <summary>It waited for a disk, or while the machine had work that stalled on one.</summary>
    Io,

    /// <summary>It waited for the network.</summary>
    Network,

    /// <summary>It waited for a timer or for a device that is not known to be a disk.</summary>
    Timer,

    /// <summary>Page faults: the kernel mapped memory while it ran. Modelled.</summary>
    PageFaults,

    /// <summary>The machine, or its control group, was short of memory.</summary>
    Memory,

    /// <summary>It was in the thread pool's queue: no worker was free to take it.</summary>
    Queue,

    /// <summary>No thread worked on it: it awaited a timer, another service, or something else that is done elsewhere.</summary>
    Awaiting,

    /// <summary>A CPU that was idle took its time to begin.</summary>
    WakeUp,

    /// <summary>The observer itself had the CPU.</summary>
    Observer,

    /// <summary>The same, while it started and compiled its code: once, whatever is observed and for how long.</summary>
    ObserverStart,

    /// <summary>Not known.</summary>
    Unknown,
}

/// <summary>A cause and whose doing it is.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="By">Name of the process, thread, generation or group; empty where there is none.</param>
/// <param name="Pid">Process id; 0 where it is not known or there is none.</param>
/// <param name="Detail">How it came to that, or what goes with it, in words; empty where there is nothing to add.</param>
internal readonly record struct Cause(CauseKind Kind, string By = "", int Pid = 0, string Detail = "")
{
    private static readonly string[] KindNames =
        [.. Enum.GetValues<CauseKind>().Select(kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()))];

    /// <summary>Begins what a suspension waited for before all threads stood still.</summary>
    public const string WaitedFor = "waited for ";

    /// <summary>Every kind, in the order of the enumeration.</summary>
    public static readonly CauseKind[] Kinds = Enum.GetValues<CauseKind>();

    /// <summary>True for what the program is there for: no remedy is looked for.</summary>
    public bool IsOwnWork => Kind is CauseKind.Work or CauseKind.Workers;

    /// <summary>True for the beginning of a suspension that took long, because a thread did not stand still.</summary>
    public bool IsOfStop => Kind == CauseKind.Gc && Detail.Contains(WaitedFor, StringComparison.Ordinal);

    /// <summary>
    /// True where only a counter of the whole machine, or of a control group, says that there was such time: it cannot have
    /// been more, but it may have been less, and the unit's own part of it is not known.
    /// </summary>
    public bool IsBound => Kind is CauseKind.Steal or CauseKind.Memory || (Kind == CauseKind.Io && By.Length == 0);

    /// <summary>Cheap, because beside a busy neighbour it is asked for a hundred thousand times a second, of a few causes: of a name it reads the last letter.</summary>
    public override int GetHashCode() => (((((int)Kind * 397) + Pid) * 397) + (By.Length << 8) + (By.Length > 0 ? By[^1] : 0)) ^ Detail.Length;

    /// <summary>The kind's name in JSON, files and labels.</summary>
    public static string NameOf(CauseKind kind) => KindNames[(int)kind];

    /// <summary>The kind with a name; null when there is none.</summary>
    public static CauseKind? Parse(string name) => Array.IndexOf(KindNames, name) is >= 0 and var place ? Kinds[place] : null;
}

/// <summary>
/// Time of causes, added up. Exact by kind; by name at most so many: where there are more, processes of one name are told together, and
/// names with the least time as <see cref="Other"/>.
/// </summary>
internal sealed class CauseTimes
{
    private const int MostNamed = 200;

    /// <summary>Whose doing it is where that is not told apart.</summary>
    public const string Other = "other";

    private readonly Dictionary<Cause, long> _times = [];

    /// <summary>Nanoseconds by cause, most first.</summary>
    public IReadOnlyList<KeyValuePair<Cause, long>> Ranked =>
        [.. _times.Where(pair => pair.Value > 0).OrderByDescending(pair => pair.Value)];

    /// <summary>Nanoseconds of all causes.</summary>
    public long Total => _times.Values.Sum();

    public void Add(in Cause cause, long nanoseconds)
    {
        if (nanoseconds <= 0) return;
        ref long time = ref CollectionsMarshal.GetValueRefOrNullRef(_times, cause);
        if (Unsafe.IsNullRef(ref time)) AddNew(cause, nanoseconds);
        else time += nanoseconds;
    }

    private void AddNew(in Cause cause, long nanoseconds)
    {
        while (_times.Count >= MostNamed && !_times.ContainsKey(cause)) ForgetSmallest();
        _times[cause] = _times.GetValueOrDefault(cause) + nanoseconds;
    }

    public void Add(CauseTimes other)
    {
        foreach ((Cause cause, long nanoseconds) in other._times) Add(cause, nanoseconds);
    }

    /// <summary>Takes everything out, to be filled again.</summary>
    public void Clear() => _times.Clear();

    /// <summary>Nanoseconds by kind.</summary>
    public long[] ByKind()
    {
        long[] times = new long[Cause.Kinds.Length];
        foreach ((Cause cause, long nanoseconds) in _times) times[(int)cause.Kind] += nanoseconds;
        return times;
    }

    /// <summary>Seconds by the kind's name; of those only that there are.</summary>
    public IReadOnlyDictionary<string, double> Seconds()
    {
        long[] times = ByKind();
        return Cause.Kinds.Where(kind => times[(int)kind] > 0).ToDictionary(Cause.NameOf, kind => times[(int)kind] / 1e9);
    }

    /// <summary>Half of the causes go, not the one that comes: a process that begins late may take more time than all that came before.</summary>
    private void ForgetSmallest()
    {
        foreach ((Cause cause, long nanoseconds) in _times.OrderBy(pair => pair.Value).Take(MostNamed / 2).ToArray())
        {
            _times.Remove(cause);
            Cause wider = Widen(cause);
            _times[wider] = _times.GetValueOrDefault(wider) + nanoseconds;
        }
    }

    /// <summary>
    /// First a cause loses its process id, as a thousand short processes of one name are one cause, then its details, and then its name. A
    /// word of our own for what it is becomes no name of others: a call that is awaited is no timer, and a collection has none.
    /// </summary>
    private static Cause Widen(in Cause cause) => cause switch
    {
        { Pid: not 0 } => cause with { Pid = 0 },
        { Detail.Length: > 0 } => cause with { Detail = "" },
        { By: "" } or { Kind: CauseKind.Awaiting } => cause,
        { Kind: CauseKind.Io } => cause with { By = ChainCauses.Device },
        { Kind: CauseKind.Gc or CauseKind.Affinity or CauseKind.Throttled } => new Cause(cause.Kind),
        _ => new Cause(cause.Kind, Other),
    };

    public CauseTimes Copy()
    {
        var copy = new CauseTimes();
        copy.Add(this);
        return copy;
    }
}
