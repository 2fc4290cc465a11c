using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>
/// Scheduler events of one CPU on their way into the file: the first switch in full, the others as columns of
/// differences (<c>compact_sched</c>), which name only the thread that comes, because the one that leaves is known.
/// </summary>
/// <remarks>
/// Perfetto cannot use a compact switch whose predecessor it does not know: it drops the first of a CPU, and after a hole
/// it believes in the wrong thread. So a CPU starts with a full one, and again after each loss.
/// </remarks>
internal sealed class CpuBundle : IDisposable
{
    /// <summary>The kernel's default priority (nice 0): the recording does not hold priorities.</summary>
    private const int Priority = 120;

    private const int MostEvents = 2048;

    private readonly int _cpu;
    private readonly PacketStream _packets;
    private readonly Func<int, string> _comm;
    private readonly ProtoMessage[] _columns = [.. Enumerable.Range(0, Schema.Compact.WakingFlags + 1).Select(_ => new ProtoMessage())];
    private readonly ProtoMessage _bundle = new();
    private readonly ProtoMessage _compact = new();
    private readonly ProtoMessage _full = new();
    private readonly ProtoMessage _event = new();
    private readonly ProtoMessage _detail = new();
    private readonly Dictionary<string, int> _comms = [];
    private readonly List<string> _commTable = [];
    private bool _needsFull = true;
    private bool _isAfterLoss;
    private int _events;
    private long _newestSwitch;
    private long _newestWaking;
    private long _newest;
    private long _previousEnd;

    /// <param name="cpu">The CPU.</param>
    /// <param name="packets">Where it goes.</param>
    /// <param name="comm">The name of a thread.</param>
    public CpuBundle(int cpu, PacketStream packets, Func<int, string> comm) => (_cpu, _packets, _comm) = (cpu, packets, comm);

    /// <summary>The thread that has the CPU; 0 while it is idle or its holder is not known.</summary>
    public int Holder { get; private set; }

    /// <summary>Switches and wake-ups written.</summary>
    public long Written { get; private set; }

    /// <summary>The CPU passes to another thread.</summary>
    /// <param name="at">When.</param>
    /// <param name="previousState">What becomes of the one that has it, in the kernel's coding.</param>
    /// <param name="next">The one that comes.</param>
    public void Switch(Timestamp at, long previousState, int next)
    {
        long time = _packets.Time(at);
        if (_needsFull) SwitchInFull(time, previousState, next);
        else SwitchCompact(time, previousState, next);
        Holder = next;
        Count(time);
    }

    /// <summary>A thread was woken from this CPU.</summary>
    public void Waking(Timestamp at, int thread, int targetCpu, int commonFlags)
    {
        long time = _packets.Time(at);
        _columns[Schema.Compact.WakingTimestamp].Pack(time - _newestWaking);
        _columns[Schema.Compact.WakingPid].Pack(thread);
        _columns[Schema.Compact.WakingTargetCpu].Pack(targetCpu);
        _columns[Schema.Compact.WakingPriority].Pack(Priority);
        _columns[Schema.Compact.WakingComm].Pack(CommId(thread));
        _columns[Schema.Compact.WakingFlags].Pack(commonFlags);
        _newestWaking = time;
        Count(time);
    }

    /// <summary>Says why a thread was blocked, when that is over.</summary>
    public void BlockedReason(Timestamp at, int thread, string reason)
    {
        _detail.Number(Schema.SchedBlockedReason.Pid, thread)
            .Number(Schema.SchedBlockedReason.Caller, _packets.Intern(Schema.Interned.KernelSymbols, reason));
        AddFull(_packets.Time(at), 0, Schema.FtraceEvent.SchedBlockedReason);
    }

    /// <summary>A thread was made, and wants its first CPU.</summary>
    /// <param name="at">When.</param>
    /// <param name="maker">The thread that made it; 0 where that is not known.</param>
    /// <param name="thread">The new thread.</param>
    /// <param name="cloneFlags">As of clone(2).</param>
    public void NewThread(Timestamp at, int maker, int thread, long cloneFlags)
    {
        string comm = _comm(thread);
        _detail.Number(Schema.TaskNewtask.Pid, thread).Text(Schema.TaskNewtask.Comm, comm).Number(Schema.TaskNewtask.CloneFlags, cloneFlags);
        AddFull(_packets.Time(at), maker, Schema.FtraceEvent.TaskNewtask);
        _detail.Text(Schema.SchedWakeup.Comm, comm).Number(Schema.SchedWakeup.Pid, thread)
            .Number(Schema.SchedWakeup.Priority, Priority).Number(Schema.SchedWakeup.TargetCpu, _cpu);
        AddFull(_packets.Time(at), maker, Schema.FtraceEvent.SchedWakeupNew);
    }

    /// <summary>Events are missing from here on: the next switch is written in full, in a bundle that says so.</summary>
    public void Lose()
    {
        Flush();
        (_needsFull, _isAfterLoss) = (true, true);
    }

    /// <summary>Writes what there is.</summary>
    public void Flush()
    {
        if (_events == 0) return;
        _bundle.Number(Schema.Bundle.Cpu, _cpu);
        if (_isAfterLoss) _bundle.Number(Schema.Bundle.LostEvents, 1);
        if (_isAfterLoss && _previousEnd > 0) _bundle.Number(Schema.Bundle.PreviousBundleEnd, _previousEnd);
        _bundle.Append(_full);
        foreach (string comm in _commTable) _compact.Text(Schema.Compact.InternTable, comm);
        for (int field = 1; field < _columns.Length; field++)
        {
            if (_columns[field].Length > 0) _compact.Take(field, _columns[field]);
        }

        if (_compact.Length > 0) _bundle.Take(Schema.Bundle.CompactSched, _compact);
        _packets.Write(Schema.Packet.FtraceEvents, _bundle);
        _comms.Clear();
        _commTable.Clear();
        (_events, _newestSwitch, _newestWaking, _isAfterLoss) = (0, 0, 0, false);
        _previousEnd = _newest;
    }

    public void Dispose()
    {
        foreach (ProtoMessage message in (IEnumerable<ProtoMessage>)[.. _columns, _bundle, _compact, _full, _event, _detail]) message.Dispose();
    }

    private void SwitchInFull(long time, long previousState, int next)
    {
        _detail.Text(Schema.SchedSwitch.PreviousComm, _comm(Holder)).Number(Schema.SchedSwitch.PreviousPid, Holder)
            .Number(Schema.SchedSwitch.PreviousPriority, Priority).Number(Schema.SchedSwitch.PreviousState, previousState)
            .Text(Schema.SchedSwitch.NextComm, _comm(next)).Number(Schema.SchedSwitch.NextPid, next)
            .Number(Schema.SchedSwitch.NextPriority, Priority);
        AddFull(time, Holder, Schema.FtraceEvent.SchedSwitch);
        _needsFull = false;
    }

    private void SwitchCompact(long time, long previousState, int next)
    {
        _columns[Schema.Compact.SwitchTimestamp].Pack(time - _newestSwitch);
        _columns[Schema.Compact.SwitchPreviousState].Pack(previousState);
        _columns[Schema.Compact.SwitchNextPid].Pack(next);
        _columns[Schema.Compact.SwitchNextPriority].Pack(Priority);
        _columns[Schema.Compact.SwitchNextComm].Pack(CommId(next));
        _newestSwitch = time;
    }

    private void AddFull(long time, int thread, int kind)
    {
        _event.Number(Schema.FtraceEvent.Timestamp, time);
        if (thread != 0) _event.Number(Schema.FtraceEvent.Pid, thread);
        _event.Take(kind, _detail);
        _full.Take(Schema.Bundle.Event, _event);
        // Counted as part of a bundle, not among the scheduler's own events.
        _events++;
        _newest = Math.Max(_newest, time);
    }

    private void Count(long time)
    {
        _newest = Math.Max(_newest, time);
        Written++;
        if (++_events >= MostEvents) Flush();
    }

    private int CommId(int thread)
    {
        string comm = _comm(thread);
        if (_comms.TryGetValue(comm, out int id)) return id;
        _comms.Add(comm, id = _commTable.Count);
        _commTable.Add(comm);
        return id;
    }
}
