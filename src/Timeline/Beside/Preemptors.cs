namespace Observatory.Timeline;

/// <summary>
/// Follows who holds which CPU. When a thread of the target gets one after it has waited, whoever held that CPU
/// meanwhile is charged.
/// </summary>
/// <remarks>
/// A thread could have been taken in by another CPU earlier; that it waited for this one is what the scheduler chose.
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

    /// <summary>Who holds a CPU now; <see cref="TimelineEvent.UnknownHolder"/> where nobody knows.</summary>
    public int HolderOf(int cpu) => _cpus.TryGetValue(cpu, out CpuHolders? holders) ? holders.Now : TimelineEvent.UnknownHolder;

    /// <summary>A CPU changes hands. Inside a loss, or late, nobody knows whose they are.</summary>
    public void Switch(in TimelineEvent change)
    {
        if (new LossScope(change.Cpu).IsThread) return;
        bool known = !change.IsLate && !_loss.Hides(change.Cpu);
        int holder = change.Kind == EventKind.SwitchIn ? change.Thread : 0;
        Hold(change.Cpu, known ? holder : TimelineEvent.UnknownHolder, change.Happened);
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
        if (!RunQueueWaits.IsWait(slice)) return;
        Of(slice.Cpu).Tell(slice.From, slice.To, _teller);
    }

    private void Hold(int cpu, int thread, Timestamp from) => Of(cpu).Hold(thread, from, _oldestWait);

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
