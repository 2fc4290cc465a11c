using System.Runtime.InteropServices;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Splits the wall time of a unit by cause. The parts add up to it to the nanosecond.</summary>
/// <remarks>
/// <code>
/// queued               -> the thread pool's queue
/// awaiting             -> the operation that was under way
/// running              -> hypervisor, memory, page faults (modelled), and the rest is work
/// preempted + waking   -> the holder of the CPU then; where the quota was used up meanwhile, throttled
/// blocked              -> managed locks first; then what the chain of wake-ups leads to (<see cref="ChainCauses"/>)
/// gc                   -> the suspensions that lie in it, by generation and reason
/// </code>
/// What is measured of the whole machine, the hypervisor and stalls for memory and disk, bounds its part from above
/// (<see cref="Cause.IsBound"/>); what is booked as throttled was runnable while the group was held back.
/// </remarks>
internal sealed class CauseFinder
{
    private static readonly Cause Unknown = new(CauseKind.Unknown);
    private readonly CauseEvidence _evidence;
    private readonly ChainCauses _chains;
    private readonly CauseTimes _parts = new();

    // What each holder had of a wait, and what adds a stretch to it.
    private readonly Dictionary<Holder, double> _held = [];
    private readonly Action<Holder, double> _hold;

    public CauseFinder(CauseEvidence evidence)
    {
        (_evidence, _chains) = (evidence, new ChainCauses(evidence));
        _hold = (holder, nanoseconds) => CollectionsMarshal.GetValueRefOrAddDefault(_held, holder, out _) += nanoseconds;
    }

    /// <summary>
    /// Of the unit that was looked at last, the causes of its preempted and waking time: who had the CPU, or that the quota was used up.
    /// They add up to both, and are part of its causes.
    /// </summary>
    public CauseTimes WithoutCpu { get; } = new();

    /// <summary>Adds the causes of a unit.</summary>
    public void Find(in UnitEvidence unit, CauseTimes found)
    {
        WithoutCpu.Clear();
        long wall = (unit.Ended - unit.Began).Nanoseconds;
        long rest = wall;
        foreach (AccountState state in StateTimes.UnitStates)
        {
            long time = Math.Min(rest, unit.Times[state].Nanoseconds);
            rest -= time;
            if (time > 0) Split(unit, state, time, found);
        }

        found.Add(WithoutCpu);
        found.Add(Unknown, rest);
    }

    /// <summary>Adds the causes of a wait for a CPU.</summary>
    /// <param name="time">Its length: what is not explained is unknown.</param>
    /// <param name="thread">The thread that waited.</param>
    /// <param name="from">Since when.</param>
    /// <param name="to">Until when.</param>
    /// <param name="found">Gets the causes.</param>
    public void FindWait(long time, int thread, Timestamp from, Timestamp to, CauseTimes found)
    {
        _parts.Clear();
        AddHolders(thread, from, to);
        Scale(_parts, time, found, Unknown);
    }

    /// <summary>What kept a thread without a CPU in a stretch of time, as far as it had one again.</summary>
    public CauseTimes WaitsOf(int thread, Timestamp from, Timestamp to)
    {
        _parts.Clear();
        AddHolders(thread, from, to);
        return _parts.Copy();
    }

    private void FindWait(long time, IReadOnlyList<UnitSegment> segments, CauseTimes found)
    {
        _parts.Clear();
        foreach (UnitSegment segment in segments) AddHolders(segment.Thread, segment.From, segment.To);
        Scale(_parts, time, found, Unknown);
    }

    /// <summary>Adds the holder of the CPU that a thread wanted.</summary>
    private void AddHolders(int thread, Timestamp from, Timestamp to)
    {
        if (_evidence.Holders.GetValueOrDefault(thread) is not { } holders) return;
        // Beside a busy neighbour there are ten thousand stretches, and a few holders.
        _held.Clear();
        holders.Visit(from, to, _hold);
        // While the quota is used up, no thread of the group runs.
        double held = _held.Where(one => one.Key.Kind != CauseKind.OwnThreads).Sum(one => one.Value);
        TargetLimits limits = _evidence.Limits();
        double quota = held > 0 ? Math.Min(1, _evidence.Throttled.Within(from, to) / held) : 0;
        foreach ((Holder holder, double nanoseconds) in _held)
        {
            double byQuota = holder.Kind == CauseKind.OwnThreads ? 0 : nanoseconds * quota;
            if (byQuota > 0) _parts.Add(new Cause(CauseKind.Throttled, QuotaOf(limits)), (long)byQuota);
            _parts.Add(CauseOf(holder, limits), (long)(nanoseconds - byQuota));
        }
    }

    /// <summary>Adds the cause of a wait, or of a part of one, in which one holder had the CPU.</summary>
    public void FindHold(in Holder holder, Timestamp from, Timestamp to, CauseTimes found)
    {
        long time = (to - from).Nanoseconds;
        TargetLimits limits = _evidence.Limits();
        // While the quota is used up, no thread of the group runs.
        long byQuota = holder.Kind == CauseKind.OwnThreads ? 0 : Math.Min(time, _evidence.Throttled.Within(from, to));
        if (byQuota > 0) found.Add(new Cause(CauseKind.Throttled, QuotaOf(limits)), byQuota);
        found.Add(CauseOf(holder, limits), time - byQuota);
    }

    /// <summary>A holder by name, as a cause.</summary>
    private static Cause CauseOf(in Holder holder, TargetLimits limits) => holder.Kind switch
    {
        CauseKind.OwnThreads when limits.IsPinned => new Cause(CauseKind.Affinity, Cpus(limits)),
        CauseKind.OwnThreads => new Cause(CauseKind.OwnThreads),
        CauseKind.Neighbour when limits.IsLowPriority => new Cause(CauseKind.Priority, holder.By, holder.Pid, holder.Where),
        _ => new Cause(holder.Kind, holder.By, holder.Pid, holder.Where),
    };

    private static string Cpus(TargetLimits limits) => $"{limits.Scheduling.AllowedCpus} of {limits.OnlineCpus} CPUs";

    private static string QuotaOf(TargetLimits limits) =>
        limits.QuotaCpus is { } cpus ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{cpus:0.##} CPUs") : "";

    private void Split(in UnitEvidence unit, AccountState state, long time, CauseTimes found)
    {
        switch (state)
        {
            case AccountState.Running:
                SplitRunning(unit, time, found);
                break;
            case AccountState.Preempted or AccountState.Waking:
                FindWait(time, unit.Segments, WithoutCpu);
                break;
            case AccountState.Blocked:
                SplitBlocked(unit, time, found);
                break;
            case AccountState.Gc:
                _parts.Clear();
                _evidence.Pauses.Visit(unit.Began, unit.Ended, (pause, inside) => _parts.Add(pause, (long)inside));
                Scale(_parts, time, found, new Cause(CauseKind.Gc));
                break;
            case AccountState.Queued:
                found.Add(new Cause(CauseKind.Queue), time);
                break;
            case AccountState.Awaiting:
                SplitAwaiting(unit.Awaited, time, found);
                break;
            default:
                found.Add(Unknown, time);
                break;
        }
    }

    private static void SplitAwaiting(in AwaitedTimes awaited, long time, CauseTimes found)
    {
        foreach (AwaitedFor kind in AwaitedTimes.Kinds)
        {
            long part = Math.Min(time, awaited[kind].Nanoseconds);
            found.Add(new Cause(CauseKind.Awaiting, Names.Awaited(kind)), part);
            time -= part;
        }

        found.Add(new Cause(CauseKind.Awaiting, Names.Awaited(AwaitedFor.Unknown)), time);
    }

    private void SplitRunning(in UnitEvidence unit, long time, CauseTimes found)
    {
        time -= Take(CauseKind.Steal, _evidence.Stolen.Within(unit.Began, unit.Ended), time, found);
        time -= Take(CauseKind.Memory, _evidence.MemoryStalled.Within(unit.Began, unit.Ended), time, found);
        time -= Take(CauseKind.PageFaults, (long)(unit.MinorFaults * _evidence.FaultSeconds * 1e9), time, found);
        found.Add(new Cause(CauseKind.Work), time);
    }

    private static long Take(CauseKind kind, long wanted, long time, CauseTimes found)
    {
        long taken = Math.Clamp(wanted, 0, time);
        found.Add(new Cause(kind), taken);
        return taken;
    }

    private void SplitBlocked(in UnitEvidence unit, long time, CauseTimes found)
    {
        long locks = 0;
        var owners = new CauseTimes();
        IReadOnlyList<BlockedShare> shares = unit.Blocked;
        foreach (UnitSegment segment in unit.Segments)
        {
            _evidence.Locks(segment.Thread)?.Visit(segment.From, segment.To, (owner, inside) =>
                owners.Add(new Cause(CauseKind.Lock, owner, Detail: _chains.DoingOf(owner, shares)), (long)inside));
        }

        if (owners.Total > 0)
        {
            locks = Math.Min(time, owners.Total);
            Scale(owners, locks, found, Unknown);
        }

        // What is left is split as the whole of it was.
        double left = (double)(time - locks) / time;
        long explained = locks;
        foreach (BlockedShare share in unit.Blocked)
        {
            long part = Math.Min(time - explained, (long)(share.Time.Nanoseconds * left));
            explained += part;
            if (part > 0) SplitShare(unit, share, part, found);
        }

        found.Add(Unknown, time - explained);
    }

    private void SplitShare(in UnitEvidence unit, in BlockedShare share, long part, CauseTimes found)
    {
        if (share.Cause is BlockedFor.Preempted or BlockedFor.Waking) FindWait(part, share.Waker, unit.Began, unit.Ended, found);
        else _chains.Find(share, unit.Began, unit.Ended, part, found);
    }

    /// <summary>Adds parts, made larger or smaller so that they add up to a time exactly.</summary>
    private static void Scale(CauseTimes parts, long time, CauseTimes found, Cause otherwise)
    {
        long total = parts.Total;
        if (total == 0)
        {
            found.Add(otherwise, time);
            return;
        }

        // What no part explains stays unexplained: a wait of 10 ms of which 1 ms was seen is not scaled to ten of it.
        long explained = Math.Min(time, total + (total / 10));
        long given = 0;
        IReadOnlyList<KeyValuePair<Cause, long>> ranked = parts.Ranked;
        foreach ((Cause cause, long nanoseconds) in ranked)
        {
            long part = (long)((Int128)nanoseconds * explained / total);
            found.Add(cause, part);
            given += part;
        }

        long rest = time - given;
        // Rounding is of the largest; anything more is not known.
        found.Add(rest <= ranked.Count ? ranked[0].Key : otherwise, rest);
    }
}
