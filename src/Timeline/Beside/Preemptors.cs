namespace Observatory.Timeline;

/// <summary>
/// Follows who holds which CPU. When a thread of the target gets one after it has waited, whoever held meanwhile the
/// CPU in whose queue it stood is charged.
/// </summary>
/// <remarks>
/// Which queue that was no event tells. A thread that lost its CPU waits for that one: as long as the CPU does not go
/// idle, which it would not do with somebody in its queue. From then on, and after a wake-up, it is taken to have waited
/// for the CPU it came to.
/// </remarks>
internal sealed class Preemptors : ISliceConsumer
{
    private readonly Dictionary<int, CpuHolders> _cpus = [];
    private readonly ThreadTable _threads;
    private readonly LossState _loss;

    // Made once: every switch of the machine comes by here.
    private readonly Func<Timestamp> _oldestWait;
    private readonly Action<int, Duration> _teller;

    public Preemptors(ITimelineObserver observer, ThreadTable threads, LossState loss)
    {
        (_threads, _loss) = (threads, loss);
        (_oldestWait, _teller) = (OldestWait, observer.PreemptedBy);
    }

    /// <summary>Stretches kept over all CPUs.</summary>
    public int Kept => _cpus.Values.Sum(holders => holders.Count);

    /// <summary>A CPU changes hands. Inside a loss, or late, nobody knows whose they are.</summary>
    public void Switch(in TimelineEvent change)
    {
        if (new LossScope(change.Cpu).IsThread) return;
        if (change.IsLate || _loss.Hides(change.Cpu)) Hold(change.Cpu, TimelineEvent.UnknownHolder, change.Happened);
        else if (change.Kind == EventKind.SwitchIn) Hold(change.Cpu, change.Thread, change.At);
        else Of(change.Cpu).Leave(change.At);
    }

    /// <summary>From an instant on nobody knows who holds the CPUs of a scope.</summary>
    public void Lose(LossScope scope, Timestamp since)
    {
        if (scope.IsRuntime || scope.IsThread) return;
        if (scope.IsRing) Hold(scope.Value, TimelineEvent.UnknownHolder, since);
        else foreach (int cpu in _cpus.Keys) Hold(cpu, TimelineEvent.UnknownHolder, since);
    }

    /// <inheritdoc />
    public void Closed(in Slice slice)
    {
        if (!RunQueueWaits.IsWait(slice) || new LossScope(slice.Cpu).IsThread) return;
        Timestamp moved = slice.From;
        if (slice is { State: ThreadState.Preempted, HasMigrated: true })
        {
            CpuHolders lost = Of(slice.LastCpu);
            moved = lost.BusyUntil(slice.From, slice.To);
            lost.Tell(slice.From, moved, _teller);
        }

        Of(slice.Cpu).Tell(moved, slice.To, _teller);
    }

    private void Hold(int cpu, int thread, Timestamp at) => Of(cpu).Come(thread, at, _oldestWait);

    private CpuHolders Of(int cpu)
    {
        if (!_cpus.TryGetValue(cpu, out CpuHolders? holders)) _cpus.Add(cpu, holders = new CpuHolders());
        return holders;
    }

    // A sleep that may turn out to have been a wait keeps what is needed then.
    private Timestamp OldestWait()
    {
        Timestamp oldest = Timestamp.Never;
        foreach (ThreadTrack track in _threads.All)
        {
            bool waits = track.State is ThreadState.Preempted or ThreadState.Waking || track.IsSleepDoubtful;
            if (waits) oldest = Timestamp.Earlier(oldest, track.Since);
        }

        return oldest;
    }
}
