using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Kernel records in, timeline events and names out.</summary>
/// <param name="target">The process.</param>
/// <param name="status">Counts what is read.</param>
/// <param name="names">Learns names.</param>
/// <param name="post">Takes the events of each ring, in batches.</param>
/// <param name="isAlive">Whether the target has a thread now; null to ask /proc.</param>
internal class RecordTranslator(
    int target, SourceStatus status, ThreadNames names, EventsReceiver post, Func<int, bool>? isAlive = null)
    : ISchedulerRecordHandler
{
    /// <summary>Events that are passed on at once: of a ring that was found full there are twenty times as many.</summary>
    private const int Most = 1 << 14;

    private readonly EventBatch _events = new();
    private readonly Func<int, bool> _isAlive = isAlive ?? (thread => ProcessThreads.Has(target, thread));
    // Threads of the target that the timeline knows, and those whose ends were told since the last look and the one before:
    // a thread still leaves its CPU after it has told its end.
    private readonly HashSet<int> _threads = [];
    // Asked first, of every switch of the machine.
    private readonly ThreadFilter _threadFilter = new();
    private HashSet<int> _exited = [];
    private HashSet<int> _exitedBefore = [];
    private HashSet<int> _missed = [];
    private bool _mayMissExits;
    private readonly ExecFollower _execs = new();
    private readonly SourceStatus.Counter _switches = status.CounterOf("switch");
    private readonly SourceStatus.Counter _wakeups = status.CounterOf("waking");
    private readonly SourceStatus.Counter _lives = status.CounterOf("life");
    private readonly SourceStatus.Counter _faults = status.CounterOf("page_faults");
    private long _malformed;

    /// <summary>Told of the end of each thread of the target.</summary>
    public Action<int, Timestamp> ThreadEnded { get; init; } = (_, _) => { };

    /// <summary>True when the target has a thread whose own events are not recorded yet.</summary>
    public bool HasNewThreads { get; private set; }

    /// <summary>What was translated since <see cref="Clear"/>.</summary>
    public EventRun Events => _events.Run;

    public void Clear() => _events.Clear();

    public void OnRingDrained()
    {
        if (_events.Count > 0) PassOn();
    }

    public void OnSwitch(in SwitchRecord r)
    {
        _switches.Increment();
        int cpu = CpuOf(r.Cpu, r.ThreadId);
        if (r.IsSwitchOut) Leave(r, cpu);
        else Come(r, cpu);
    }

    /// <summary>
    /// Where neither thread concerns the target the two are one event from here on, which halves the switches that a busy machine makes the
    /// timeline handle.
    /// </summary>
    public void OnHandOver(in SwitchRecord left, in SwitchRecord came)
    {
        int cpu = CpuOf(left.Cpu, left.ThreadId);
        bool isOfOthers = !MayConcernTarget(left) && !MayConcernTarget(came) && _execs.PredecessorOf(left.ProcessId, left.ThreadId, cpu) == 0;
        if (isOfOthers && TryAddHandOver(left, cpu, came.ThreadId))
        {
            _switches.Add(2);
            _execs.Hold(cpu, (came.ProcessId, came.ThreadId));
            return;
        }

        OnSwitch(left);
        OnSwitch(came);
    }

    private bool MayConcernTarget(in SwitchRecord r) => r.ProcessId == target || IsKnown(r.ThreadId);

    private bool TryAddHandOver(in SwitchRecord left, int cpu, int coming)
    {
        if (_events.Count == Most) PassOn();
        return _events.TryAddHandOver(new Timestamp(left.Time), left.IsPreempted, cpu, left.ThreadId, coming);
    }

    private void Come(in SwitchRecord r, int cpu)
    {
        // One that has given its id back and comes once more, to end, is no thread that could be missed later.
        if (r.ProcessId == target && r.ThreadId != TimelineEvent.ExitingThread) Know(r.ThreadId);
        _execs.Hold(cpu, (r.ProcessId, r.ThreadId));
        AddSwitchIn(new Timestamp(r.Time), cpu, r.ThreadId, r.ProcessId);
    }

    private void Leave(in SwitchRecord r, int cpu)
    {
        var at = new Timestamp(r.Time);
        if (_execs.PredecessorOf(r.ProcessId, r.ThreadId, cpu) is > 0 and var before)
        {
            _execs.Suppose(r.ProcessId, at);
            Succeed(at, cpu, before, r.ProcessId);
        }

        _execs.Leave(cpu);
        Add(at, r.IsPreempted ? EventKind.Preempted : EventKind.SwitchOut, cpu, r.ThreadId, r.ProcessId);
    }

    public void OnWaking(in WakingRecord r)
    {
        _wakeups.Increment();
        var at = new Timestamp(r.Time);
        // A moment before, because of one instant the wake-up is told first.
        if (r.WakerProcessId == target) Meet(r.WakerThreadId, new Timestamp(r.Time - 1));
        int waker = r.IsInterrupt ? WakerOf(r.Interrupt) : r.WakerThreadId;
        Add(at, EventKind.Waking, r.Cpu, r.WokenThreadId, waker);
    }

    /// <summary>
    /// A thread of the target is there that nothing has told of: its beginning and its coming to a CPU were lost. Unless the timeline
    /// is told, it takes it for one of another process. One whose end was told still wakes those that wait for it; it must not begin anew.
    /// </summary>
    private void Meet(int thread, Timestamp at)
    {
        if (thread <= 0 || IsKnown(thread) || _exited.Contains(thread) || _exitedBefore.Contains(thread)) return;
        HasNewThreads = true;
        Know(thread);
        Add(TimelineEvent.ThreadSeen(at, thread, target, sleeping: false));
    }

    private static int WakerOf(InterruptKind kind) => kind switch
    {
        InterruptKind.Timer => TimelineEvent.TimerInterrupt,
        InterruptKind.Disk => TimelineEvent.DiskInterrupt,
        InterruptKind.Network => TimelineEvent.NetworkInterrupt,
        _ => TimelineEvent.Interrupt,
    };

    public void OnComm(in CommRecord r)
    {
        _lives.Increment();
        names.Learn(r.ThreadId, r.ProcessId, r.Name, new Timestamp(r.Time));
        int cpu = CpuOf(r.Cpu, r.ThreadId);
        if (r.IsExec && _execs.PredecessorOf(r.ProcessId, r.ThreadId, cpu) is > 0 and var before)
            Succeed(new Timestamp(r.Time), cpu, before, r.ProcessId);
        else if (r.IsExec && r.ProcessId != target && _execs.IsLeft(cpu))
            Appear(new Timestamp(r.Time), cpu, r.ThreadId, r.ProcessId);
        if (r.ProcessId == target) Describe(r.Time, r.ThreadId, ThreadRoles.OfName(r.Name));
    }

    /// <summary>The switch that would tell that a thread took another id is put in: <see cref="ExecFollower"/>.</summary>
    private void Succeed(Timestamp at, int cpu, int before, int process)
    {
        Add(TimelineEvent.SwitchOut(at, cpu, before, process));
        Appear(at, cpu, process, process);
    }

    /// <summary>A thread is on a CPU to which it was not seen to come.</summary>
    private void Appear(Timestamp at, int cpu, int thread, int process)
    {
        Add(TimelineEvent.SwitchIn(at, cpu, thread, process));
        _execs.Hold(cpu, (process, thread));
    }

    public virtual void OnFork(in ForkRecord r)
    {
        _lives.Increment();
        // Until it takes another, a thread has the name of the one that made it.
        names.Inherit(r.ThreadId, r.ProcessId, r.ParentThreadId, new Timestamp(r.Time));
        if (r.ThreadId == r.ProcessId) _execs.Begin(r.ProcessId);
        if (r.ProcessId != target) return;
        HasNewThreads = true;
        Know(r.ThreadId);
        Add(TimelineEvent.ThreadBegan(new Timestamp(r.Time), r.ThreadId, target, ThreadRoles.OfNewThread(names.NameOf(r.ParentThreadId)), r.ParentThreadId));
    }

    public virtual void OnExit(in ExitRecord r)
    {
        _lives.Increment();
        _execs.End(r.ProcessId, r.ThreadId, new Timestamp(r.Time));
        if (r.ProcessId != target) return;
        ThreadEnded(r.ThreadId, new Timestamp(r.Time));
        Forget(r.ThreadId);
        if (!MissesExits) _exited.Add(r.ThreadId);
    }

    public void OnLost(in LostRecord r)
    {
        status.CountLost(r.Count);
        LossScope scope = ScopeOf(r);
        if (scope != LossScope.PageFaults)
        {
            _mayMissExits = true;
            _execs.Forget();
        }

        Add(TimelineEvent.LossEnded(new Timestamp(r.Time), scope));
    }

    public void OnPageFaults(in PageFaultsRecord r)
    {
        _faults.Increment();
        // They stand in a ring of their thread also where the rest stands in rings of CPUs, and prove nothing about those.
        if (r.ProcessId == target)
            Add(TimelineEvent.PageFaults(new Timestamp(r.Time), LossScope.Thread(r.ThreadId).Value, r.ThreadId, r.Count, r.IsMajor));
    }

    /// <summary>Records that could not be understood could have been anything, on any CPU.</summary>
    public void OnMalformed(Timestamp at, long malformedSoFar)
    {
        if (malformedSoFar == _malformed) return;
        status.CountLost(malformedSoFar - _malformed);
        _malformed = malformedSoFar;
        _mayMissExits = true;
        Add(TimelineEvent.LossEnded(at, LossScope.Scheduler));
    }

    /// <summary>All rings have been read up to an instant. False while it is not decided whether records are missing among them.</summary>
    public bool IsSettled(Timestamp readTo)
    {
        bool isSettled = _execs.IsSettled(readTo, out bool isRefuted);
        if (!isRefuted) return isSettled;
        _mayMissExits = true;
        Add(TimelineEvent.LossEnded(readTo, LossScope.Scheduler, IncompleteReasons.ChainBroken));
        return isSettled;
    }

    /// <summary>A CPU came online and ran threads that were not recorded: what all threads did since is not known.</summary>
    /// <param name="at">From here on it is recorded.</param>
    public void OnUnrecorded(Timestamp at)
    {
        _mayMissExits = true;
        Add(TimelineEvent.LossEnded(at, LossScope.Scheduler, IncompleteReasons.NotJoined));
    }

    /// <summary>Nothing is recorded from here on, on purpose; what was recorded before has been read.</summary>
    public void OnPaused(Timestamp at) => Add(TimelineEvent.LossBegan(at, LossScope.Scheduler, IncompleteReasons.Paused));

    /// <summary>Everything is recorded again.</summary>
    public void OnResumed(Timestamp at)
    {
        _mayMissExits = true;
        _execs.Forget();
        Add(TimelineEvent.LossEnded(at, LossScope.Scheduler, IncompleteReasons.Paused));
    }

    /// <summary>The threads of the target were looked at again.</summary>
    /// <param name="at">When.</param>
    /// <param name="recorded">Those that have a ring of their own now; none where CPUs have them.</param>
    public virtual void OnRefreshed(Timestamp at, IReadOnlyList<RecordedThread> recorded)
    {
        HasNewThreads = false;
        EndMissed(at, _mayMissExits || MissesExits);
    }

    /// <summary>True where a thread may end without a record although none is lost.</summary>
    protected virtual bool MissesExits => false;

    /// <summary>The timeline has been told of a thread of the target.</summary>
    public void Know(int thread)
    {
        if (!_threads.Add(thread)) return;
        _threadFilter.Add(thread);
        if (_exited.Count + _exitedBefore.Count > 0 && (_exited.Remove(thread) | _exitedBefore.Remove(thread))) _missed.Remove(thread);
    }

    private void Forget(int thread)
    {
        if (_threads.Remove(thread)) _threadFilter.Remove(thread);
    }

    /// <summary>True for a thread that the timeline knows and that has not been said to end.</summary>
    protected bool IsKnown(int thread) => _threadFilter.MayHave(thread) && _threads.Contains(thread);

    /// <summary>Whether the target still has a thread.</summary>
    protected virtual bool IsAlive(int thread) => _isAlive(thread);

    /// <summary>
    /// The last record of a thread may be among those that were lost, and then the timeline would keep it for ever. A thread
    /// that two looks have missed has ended, and whatever it wrote has been read by the second.
    /// </summary>
    private void EndMissed(Timestamp at, bool isAfterLoss)
    {
        if (isAfterLoss)
        {
            HashSet<int> missed = [.. _threads.Where(thread => !IsAlive(thread))];
            foreach (int thread in missed.Intersect(_missed).ToArray()) End(at, thread);
            missed.IntersectWith(_threads);
            _missed = missed;
            foreach (int thread in _exitedBefore) End(at, thread);
        }

        (_exitedBefore, _exited) = (_exited, _exitedBefore);
        _exited.Clear();
        _mayMissExits = _missed.Count > 0;
    }

    /// <summary>Tells that a thread has ended, in a ring of its own: that of its CPU has no record of it.</summary>
    protected void End(Timestamp at, int thread)
    {
        Forget(thread);
        Add(TimelineEvent.Exited(at, LossScope.Thread(thread).Value, thread, target));
    }

    /// <summary>The number under which the timeline keeps the order of a record's ring.</summary>
    protected virtual int CpuOf(int cpu, int thread) => cpu;

    /// <summary>A thread comes to a CPU.</summary>
    protected virtual void AddSwitchIn(Timestamp at, int ring, int thread, int process) => Add(at, EventKind.SwitchIn, ring, thread, process);

    /// <summary>
    /// What a loss makes unknown. Beside rings of CPUs only page faults have a ring of their thread's own: where one of
    /// those was full, counts are too low, but no state is in doubt.
    /// </summary>
    protected virtual LossScope ScopeOf(in LostRecord lost) =>
        lost.ThreadId == LostRecord.OfAnyThread ? LossScope.Cpu(lost.Cpu) : LossScope.PageFaults;

    private void Describe(long time, int thread, ThreadRole role) =>
        Add(TimelineEvent.ThreadDescribed(new Timestamp(time), thread, role));

    /// <summary>Adds a switch or a wake-up; the process of a wake-up is its waker.</summary>
    protected void Add(Timestamp at, EventKind kind, int ring, int thread, int process)
    {
        if (_events.Count == Most) PassOn();
        _events.Add(at, kind, ring, thread, process);
    }

    protected void Add(in TimelineEvent happened)
    {
        if (_events.Count == Most) PassOn();
        _events.Add(happened);
    }

    private void PassOn()
    {
        post(Events);
        Clear();
    }
}
