using System.Globalization;

namespace Observatory.Collector;

/// <summary>Causes in the words of a person: what happened, and what to do.</summary>
internal static class CauseText
{
    /// <summary>What happened, to be read after a share of time: <c>45 % without a CPU: stress (pid 4711) held it</c>.</summary>
    public static string Describe(Cause cause, TargetLimits limits, int others = 0)
    {
        string what = DescribeKind(cause, limits, others);
        // Of a neighbour it is where that runs, and of a thread what that did: all of these stand in the sentence.
        bool isSaid = cause.Kind is CauseKind.Waiting or CauseKind.Lock or CauseKind.Neighbour or CauseKind.Priority || cause.IsOfStop;
        return isSaid || cause.Detail.Length == 0 ? what : $"{what} ({cause.Detail})";
    }

    /// <summary>What several did that had the CPU, each with its share of wall time.</summary>
    public static string DescribeHolders(CauseKind kind, IEnumerable<(Cause Cause, int Others, double Share)> holders, TargetLimits limits)
    {
        bool isPriority = kind == CauseKind.Priority;
        string did = isPriority ? " went first" : " held it";
        string[] each = [.. holders.Select((one, place) => $"{Who(one.Cause, one.Others)}{(place == 0 ? did : "")} for {Percent(one.Share)}")];
        return $"without a CPU{(isPriority ? $", because the program runs {Priority(limits)}" : "")}: {string.Join(", ", each)}";
    }

    private static string DescribeKind(in Cause cause, TargetLimits limits, int others) => cause.Kind switch
    {
        CauseKind.Work => "running its own code",
        CauseKind.Workers => $"waiting for its own threads to finish their part{Of(cause, ": ")}",
        CauseKind.Neighbour => $"without a CPU: {Who(cause, others)} held it",
        CauseKind.OwnThreads => "without a CPU: its own other threads held it",
        CauseKind.Affinity => $"without a CPU: its threads may use only {(cause.By.Length > 0 ? cause.By : "some of the CPUs")} and held each other's",
        CauseKind.Priority => $"without a CPU: {Who(cause, others)} went first, because the program runs {Priority(limits)}",
        CauseKind.Throttled => $"throttled: the CPU quota{Of(cause, " of ")} was used up",
        CauseKind.Steal => "on a virtual CPU that the hypervisor gave to others",
        CauseKind.Gc when cause.IsOfStop => DescribeStop(cause),
        CauseKind.Gc => $"stopped by the runtime{Of(cause, " for garbage collection: ")}",
        CauseKind.Lock => $"waiting for a managed lock{Of(cause, " held by ")}{(cause.Detail.Length > 0 ? $", {cause.Detail}" : "")}",
        CauseKind.Waiting => $"waiting for its own thread{Of(cause, " ")}{(cause.Detail.Length > 0 ? $", {cause.Detail}" : "")}",
        CauseKind.SyncOverAsync => "blocking its thread until its own asynchronous work is done (sync over async)",
        CauseKind.PoolStarvation => "waiting for the thread pool: all of its workers were busy or blocked, and it added one too late",
        CauseKind.OtherProcess => cause is { By: "", Pid: 0 } ? "waiting for another process" : $"waiting for another process: {Who(cause, others)}",
        CauseKind.Stopped => "stopped by a signal (SIGSTOP) or a debugger",
        CauseKind.Io => $"waiting for a disk{(cause.By is "" or ChainCauses.Device ? "" : $": the kernel's {cause.By}")}",
        CauseKind.Network => "waiting for an answer from the network",
        CauseKind.Timer => "waiting for a timer, the network or another device",
        CauseKind.PageFaults => "in page faults: the kernel mapped fresh memory (modelled)",
        CauseKind.Memory => "stalled because memory is short",
        CauseKind.WakeUp => "waiting for an idle CPU to start",
        CauseKind.Queue => "in the thread pool's queue: no worker took it",
        CauseKind.Awaiting => cause.By switch
        {
            "http" => "awaiting outgoing HTTP calls; no thread worked on it",
            "dns" => "awaiting look-ups of names (DNS); no thread worked on it",
            "connect" => "awaiting connections to be made; no thread worked on it",
            "tls" => "awaiting TLS handshakes; no thread worked on it",
            "other" => "awaiting a timer, or I/O that is not told of; no thread worked on it",
            "unknown" => "awaiting what is not known, because events were lost; no thread worked on it",
            _ => "awaiting: a timer, another service or other I/O; no thread worked on it",
        },
        CauseKind.Observer => "without a CPU: this observer held it",
        CauseKind.ObserverStart => "without a CPU: this observer held it while it started, which it does once",
        _ => "unexplained",
    };

    /// <summary>What to do; null where there is nothing to be done.</summary>
    public static string? Advise(Cause cause, TargetLimits limits) => cause.Kind switch
    {
        CauseKind.Neighbour when cause.By == CauseTimes.Other => null,
        CauseKind.Neighbour => $"Stop {Name(cause)}, or give it other CPUs (taskset, cpuset).",
        CauseKind.OwnThreads => limits.OnlineCpus == 0
            ? "Use no more threads than it has CPUs."
            : $"Use no more threads than it has CPUs: {limits.Scheduling.AllowedCpus} here.",
        CauseKind.Affinity => "Widen the affinity mask (taskset -p, cpuset), or use as many threads as it has CPUs.",
        CauseKind.Priority => "Raise the priority again (renice -n 0, chrt --other), or keep the CPU free of others.",
        CauseKind.Throttled => "Raise the quota (cpu.max), or use as many threads as it pays for.",
        CauseKind.Steal => "Use dedicated CPUs; what is measured here is the neighbourhood.",
        CauseKind.Gc when cause.IsOfStop => "Give that thread its CPU, or let it come to a safepoint: no long native call that suppresses the transition, in smaller pieces.",
        CauseKind.Gc => "Allocate less, or reuse buffers; docs/runtime-events.md shows which types allocate.",
        CauseKind.Lock => "Hold the lock for less time, or split it.",
        CauseKind.Waiting => "Look at what that thread does while it holds what is waited for.",
        CauseKind.SyncOverAsync => "Await it instead of .Result, .Wait() or GetAwaiter().GetResult(): the thread could serve others meanwhile.",
        CauseKind.PoolStarvation => "Do not block on the pool's threads; or let it begin with more (ThreadPool.SetMinThreads).",
        CauseKind.Stopped => "Let it go on: kill -CONT, or detach the debugger.",
        CauseKind.Network => "Look at the service that answers: its time is this program's.",
        CauseKind.OtherProcess => $"Look at {Name(cause)}: its time is this program's.",
        CauseKind.Io => "Write less, later or elsewhere; a flush waits for the disk.",
        CauseKind.PageFaults => "Reuse memory instead of allocating it anew.",
        CauseKind.Memory => "Give it more memory, or let less else run.",
        CauseKind.Queue => "Block no thread of the pool (await instead of .Result, .Wait() and Thread.Sleep), or start more of them (ThreadPool.SetMinThreads).",
        CauseKind.Awaiting => cause.By switch
        {
            "http" => "Look at the service that answers: its time is this program's; or make the calls at once (Task.WhenAll) and reuse what they answer.",
            "dns" => "Look at the resolver, and keep connections: every new one begins with a look-up.",
            "connect" => "Look at the network and the other end, and keep connections (one HttpClient for all requests).",
            "tls" => "Keep connections (one HttpClient for all requests), and look at the other end.",
            _ => null,
        },
        CauseKind.WakeUp => "Keep CPUs from deep sleep where microseconds matter.",
        CauseKind.Observer => "Observe less (--runtime-events gc, --tier thread), or let it yield: nice -n 10.",
        CauseKind.ObserverStart => "Look at what came later; start it before the program, or at nice -n 10.",
        CauseKind.Unknown => "See `collector doctor` for what is not seen here, and the incomplete accounts.",
        _ => null,
    };

    /// <summary>A name and a process id, as far as they are known.</summary>
    /// <param name="cause">Whose doing it is.</param>
    /// <param name="others">Processes of the same name beside it.</param>
    public static string Who(Cause cause, int others = 0)
    {
        if (cause.Pid == 0) return Name(cause);
        string more = others > 0 ? $" and {others} more" : "";
        bool isElsewhere = cause.Kind is CauseKind.Neighbour or CauseKind.Priority && cause.Detail.Length > 0;
        return $"{Name(cause)} (pid {cause.Pid}{more}{(isElsewhere ? $", {cause.Detail}" : "")})";
    }

    /// <summary>Put before a share of a cause of which only a bound is known.</summary>
    public static string Bound(in Cause cause) => cause.IsBound ? "at most " : "";

    /// <summary>A share, whole percent from ten on.</summary>
    public static string Percent(double share) => share switch
    {
        >= 0.0995 => share.ToString("0%", CultureInfo.InvariantCulture),
        >= 0.0005 => share.ToString("0.0%", CultureInfo.InvariantCulture),
        > 0 => "<0.1%",
        _ => "0%",
    };

    /// <summary>A time in the unit a person would use.</summary>
    public static string Time(double nanoseconds) => Math.Abs(nanoseconds) switch
    {
        >= 999.5e9 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0} s"),
        >= 0.9995e9 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:G3} s"),
        >= 0.9995e6 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:G3} ms"),
        >= 0.9995e3 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:G3} us"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:0} ns"),
    };

    /// <summary>The thread that was waited for comes first: a narrow line ends early.</summary>
    private static string DescribeStop(in Cause cause)
    {
        int thread = cause.Detail.IndexOf(Cause.WaitedFor, StringComparison.Ordinal);
        string trigger = thread == 0 ? "" : $", {cause.Detail[..thread].TrimEnd(' ', ',')}";
        return $"stopped by the runtime, which {cause.Detail[thread..]} (garbage collection: {cause.By}{trigger})";
    }

    private static string Name(Cause cause) => cause.By switch
    {
        "" => "another process",
        CauseTimes.Other => "other processes",
        _ => cause.By,
    };

    private static string Of(Cause cause, string between) => cause.By.Length > 0 ? between + cause.By : "";

    /// <summary>A file of accounts does not have it.</summary>
    private static string Priority(TargetLimits limits) => limits.OnlineCpus == 0 ? "at a low priority" : limits.Scheduling.InWords;
}
