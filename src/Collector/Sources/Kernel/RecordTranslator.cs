using System.Runtime.InteropServices;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Kernel records in, timeline events and names out.</summary>
internal class RecordTranslator(int target, SourceStatus status, ThreadNames names) : ISchedulerRecordHandler
{
    private readonly List<TimelineEvent> _events = [];
    private readonly SourceStatus.Counter _switches = status.CounterOf("switch");
    private readonly SourceStatus.Counter _wakeups = status.CounterOf("waking");
    private readonly SourceStatus.Counter _lives = status.CounterOf("life");
    private readonly SourceStatus.Counter _faults = status.CounterOf("page_faults");
    private long _malformed;

    /// <summary>True when the target has a thread whose own events are not recorded yet.</summary>
    public bool HasNewThreads { get; private set; }

    /// <summary>What was translated since <see cref="Clear"/>.</summary>
    public ReadOnlySpan<TimelineEvent> Events => CollectionsMarshal.AsSpan(_events);

    public void Clear() => _events.Clear();

    public void OnSwitch(in SwitchRecord r)
    {
        _switches.Increment();
        var at = new Timestamp(r.Time);
        int cpu = CpuOf(r.Cpu, r.ThreadId);
        if (!r.IsSwitchOut) AddSwitchIn(TimelineEvent.SwitchIn(at, cpu, r.ThreadId, r.ProcessId));
        else if (r.IsPreempted) Add(TimelineEvent.Preempted(at, cpu, r.ThreadId, r.ProcessId));
        else Add(TimelineEvent.SwitchOut(at, cpu, r.ThreadId, r.ProcessId));
    }

    public void OnWaking(in WakingRecord r)
    {
        _wakeups.Increment();
        int waker = r.IsInterrupt ? TimelineEvent.Interrupt : r.WakerThreadId;
        Add(TimelineEvent.Waking(new Timestamp(r.Time), r.Cpu, r.WokenThreadId, waker));
    }

    public void OnComm(in CommRecord r)
    {
        _lives.Increment();
        names.Learn(r.ThreadId, r.ProcessId, r.Name);
        if (r.ProcessId == target) Describe(r.Time, r.ThreadId, ThreadRoles.OfName(r.Name));
    }

    public virtual void OnFork(in ForkRecord r)
    {
        _lives.Increment();
        // Until it takes another, a thread has the name of the one that made it.
        names.Inherit(r.ThreadId, r.ProcessId, r.ParentThreadId);
        if (r.ProcessId != target) return;
        HasNewThreads = true;
        Add(TimelineEvent.ThreadBegan(new Timestamp(r.Time), r.ThreadId, target, ThreadRoles.OfNewThread));
    }

    public virtual void OnExit(in ExitRecord r) => _lives.Increment();

    public void OnLost(in LostRecord r)
    {
        status.CountLost(r.Count);
        if (ScopeOf(r) is { } scope) Add(TimelineEvent.LossEnded(new Timestamp(r.Time), scope));
    }

    public void OnPageFaults(in PageFaultsRecord r)
    {
        _faults.Increment();
        if (r.ProcessId == target)
            Add(TimelineEvent.PageFaults(new Timestamp(r.Time), CpuOf(r.Cpu, r.ThreadId), r.ThreadId, r.Count, r.IsMajor));
    }

    /// <summary>Records that could not be understood could have been anything, on any CPU.</summary>
    public void OnMalformed(Timestamp at, long malformedSoFar)
    {
        if (malformedSoFar == _malformed) return;
        status.CountLost(malformedSoFar - _malformed);
        _malformed = malformedSoFar;
        Add(TimelineEvent.LossEnded(at, LossScope.Scheduler));
    }

    /// <summary>The threads of the target were looked at again.</summary>
    /// <param name="at">When.</param>
    /// <param name="recorded">Those that have a ring of their own now; none where CPUs have them.</param>
    public virtual void OnRefreshed(Timestamp at, IReadOnlyList<RecordedThread> recorded) => HasNewThreads = false;

    /// <summary>The number under which the timeline keeps the order of a record's ring.</summary>
    protected virtual int CpuOf(int cpu, int thread) => cpu;

    protected virtual void AddSwitchIn(TimelineEvent change) => Add(change);

    /// <summary>
    /// What a loss makes unknown. Beside rings of CPUs only page faults have a ring of their thread's own: where one of
    /// those was full, counts are too low, but no state is in doubt.
    /// </summary>
    protected virtual LossScope? ScopeOf(in LostRecord lost) =>
        lost.ThreadId == LostRecord.OfAnyThread ? LossScope.Cpu(lost.Cpu) : null;

    private void Describe(long time, int thread, ThreadRole role) =>
        Add(TimelineEvent.ThreadDescribed(new Timestamp(time), thread, role));

    protected void Add(TimelineEvent happened) => _events.Add(happened);
}
