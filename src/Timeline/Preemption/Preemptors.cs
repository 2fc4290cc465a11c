namespace Observatory.Timeline;

/// <summary>
/// Follows which thread holds each CPU. When a thread of the target gets one after it has waited, the wait is reported, and
/// the threads that held meanwhile the CPU in whose queue it stood are charged.
/// </summary>
/// <remarks>
/// No event tells which queue that was. A thread that lost its CPU is taken to wait for that one as long as it does not
/// go idle, which a CPU does not do with a thread in its queue. From then on, and after a wake-up, it is taken to have
/// waited for the CPU it came to.
/// </remarks>
internal sealed class Preemptors : ISliceConsumer
{
    private readonly RingTable<CpuHolders> _cpus = new(_ => new CpuHolders());
    private readonly Findings _findings;
    private readonly ThreadTable _threads;
    private readonly LossState _loss;

    // Made once: every switch of the machine comes by here.
    private readonly Func<Timestamp> _oldestWait;
    private readonly Action<int, Duration> _charge;

    // Who had the other CPUs in a stretch.
    private readonly HolderTimes _others = new();

    // The CPU that was found idle last is most likely idle again.
    private int _idleCpu;

    // The wait that is being charged, the CPU it was for, and up to where it has been.
    private int _waiter;
    private int _cpu;
    private Timestamp _charged;
    private readonly bool _seesWholeMachine;

    /// <param name="findings">Gets the waits and the holders.</param>
    /// <param name="threads">The threads of the target.</param>
    /// <param name="loss">What is missing.</param>
    /// <param name="seesWholeMachine">True where every thread has a number, so that 0 is the idle task.</param>
    public Preemptors(Findings findings, ThreadTable threads, LossState loss, bool seesWholeMachine)
    {
        (_findings, _threads, _loss, _seesWholeMachine) = (findings, threads, loss, seesWholeMachine);
        _oldestWait = OldestWait;
        _charge = (holder, time) =>
        {
            bool isOwn = _threads.Find(holder) is not null;
            int elsewhere = isOwn ? FindElsewhere(_charged, _charged + time) : TimelineEvent.UnknownHolder;
            findings.Add(new CpuHold(_waiter, holder, _charged, time, elsewhere));
            _charged += time;
        };
    }

    /// <summary>Stretches kept over all CPUs.</summary>
    public int Kept => _cpus.All.Sum(cpu => cpu.Value.Count);

    /// <summary>The threads that hold the CPUs now.</summary>
    public IEnumerable<CpuNow> Now =>
        _cpus.All.Select(cpu => new CpuNow(cpu.Key, cpu.Value.Last.Thread, cpu.Value.Last.Since));

    /// <summary>Takes over the holders of a checkpoint.</summary>
    public void Restore(IEnumerable<CpuNow> cpus)
    {
        foreach (CpuNow cpu in cpus) Hold(cpu.Cpu, cpu.Thread, cpu.Since);
    }

    /// <summary>True when the idle task had a CPU just before a thread comes to it.</summary>
    public bool WasIdleBefore(in TimelineEvent comes) =>
        _seesWholeMachine
        && _cpus.TryGet(comes.Cpu, out CpuHolders? holders)
        && holders.WasIdleBefore(comes.Thread, comes.At)
        && !_loss.Hides(comes.Cpu);

    /// <summary>A CPU changes hands. Inside a loss, or late, the holder is not known.</summary>
    public void Switch(in TimelineEvent change)
    {
        if (new LossScope(change.Cpu).IsThread) return;
        if (change.IsLate || _loss.Hides(change.Cpu)) Hold(change.Cpu, TimelineEvent.UnknownHolder, change.Happened);
        else if (change.Kind == EventKind.SwitchIn) Hold(change.Cpu, change.Thread, change.At);
        else _cpus[change.Cpu].SwitchAway(change.At);
    }

    /// <summary>The same with a packed one, which came in time.</summary>
    public void Switch(in PackedEvent change)
    {
        int cpu = change.Cpu;
        if (new LossScope(cpu).IsThread) return;
        if (_loss.Hides(cpu)) Hold(cpu, TimelineEvent.UnknownHolder, change.At);
        else if (change.Kind == EventKind.SwitchIn) Hold(cpu, change.Thread, change.At);
        else _cpus[cpu].SwitchAway(change.At);
    }

    /// <summary>From an instant on the holders of the CPUs of a scope are not known.</summary>
    public void MarkUnknown(LossScope scope, Timestamp since)
    {
        if (scope.IsRuntime || scope.IsThread) return;
        if (scope.IsRing) Hold(scope.Value, TimelineEvent.UnknownHolder, since);
        else foreach ((int cpu, _) in _cpus.All) Hold(cpu, TimelineEvent.UnknownHolder, since);
    }

    /// <inheritdoc />
    public void Closed(in Slice slice)
    {
        if (!slice.IsRunQueueWait) return;
        _findings.Add(slice.To - slice.From);
        if (new LossScope(slice.Cpu).IsThread) return;
        Timestamp moved = slice.From;
        (_waiter, _charged) = (slice.Thread.Id, slice.From);
        if (slice is { State: ThreadState.Preempted, HasMigrated: true })
        {
            _cpu = slice.LastCpu;
            CpuHolders lost = _cpus[slice.LastCpu];
            moved = lost.BusyUntil(slice.From, slice.To);
            lost.ForEachHolder(slice.From, moved, _charge);
        }

        _cpu = slice.Cpu;
        _cpus[slice.Cpu].ForEachHolder(moved, slice.To, _charge);
    }

    /// <summary>
    /// The thread of another process that had the other CPUs most in a stretch of time; unknown where one of them was idle
    /// for half of it, or where others had them for less than half of it.
    /// </summary>
    private int FindElsewhere(Timestamp from, Timestamp to)
    {
        Duration half = new((to - from).Nanoseconds / 2);
        _others.Clear();
        if (_idleCpu != _cpu && _cpus.TryGet(_idleCpu, out CpuHolders? likely) && likely.AddUp(from, to, _others) >= half) return TimelineEvent.UnknownHolder;
        _others.Clear();
        foreach ((int cpu, CpuHolders holders) in _cpus.All)
        {
            if (cpu == _cpu || holders.AddUp(from, to, _others) < half) continue;
            _idleCpu = cpu;
            return TimelineEvent.UnknownHolder;
        }

        (int most, Duration longest, Duration all) = (TimelineEvent.UnknownHolder, Duration.Zero, Duration.Zero);
        foreach ((int thread, Duration time) in _others.All)
        {
            if (thread <= 0 || _threads.Find(thread) is not null) continue;
            all += time;
            if (time > longest) (most, longest) = (thread, time);
        }

        return all >= half ? most : TimelineEvent.UnknownHolder;
    }

    private void Hold(int cpu, int thread, Timestamp at) => _cpus[cpu].SwitchTo(thread, at, _oldestWait);

    // A sleep that may turn out to have been a wait keeps what is needed then.
    private Timestamp OldestWait()
    {
        Timestamp oldest = Timestamp.Never;
        foreach (ThreadTrack track in _threads.All)
        {
            bool waits = track.State is ThreadState.Preempted or ThreadState.Waking || track.MayHaveBeenWoken;
            if (waits) oldest = Timestamp.Earlier(oldest, track.Since);
        }

        return oldest;
    }
}
