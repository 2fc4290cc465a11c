namespace Observatory.Timeline;

/// <summary>
/// Applies events, in order, to the threads of the target and to the iterations they drive. Between two events nothing
/// changes, so each event settles the time before it: accounts add up to wall time by construction.
/// </summary>
internal sealed class Attribution(int process, ITimelineObserver observer, TimelineCounters counters)
{
    private readonly Dictionary<int, ThreadTrack> _threads = [];
    private readonly LossState _loss = new();
    private readonly IterationLedger _ledger = new(counters);
    private Timestamp? _suspendedSince;

    public void Apply(TimelineEvent happened)
    {
        switch (happened.Kind)
        {
            case EventKind.SwitchIn: SwitchIn(happened); break;
            case EventKind.SwitchOut: Leave(happened, preempted: false); break;
            case EventKind.Preempted: Leave(happened, preempted: true); break;
            case EventKind.Exited: Exit(happened); break;
            case EventKind.Waking: Wake(happened); break;
            case EventKind.SuspensionBegan: Suspend(happened.At); break;
            case EventKind.SuspensionEnded: Resume(happened.At); break;
            case EventKind.IterationBegan: Begin(happened); break;
            case EventKind.IterationEnded: End(happened); break;
            case EventKind.LossBegan: Lose(happened); break;
            case EventKind.LossEnded: Recover(happened); break;
        }
    }

    private void SwitchIn(in TimelineEvent change)
    {
        if (FindOfTarget(change) is not { } track) return;
        if (track.IsRunnable) observer.RunQueueWaited(change.At - track.Since);
        Settle(change.Thread, track, change.At);
        Commit(change.Thread, track.SwitchIn(change.At, change.Cpu));
        Doubt(change.Thread, track, change.At);
    }

    private void Leave(in TimelineEvent change, bool preempted)
    {
        if (FindOfTarget(change) is not { } track) return;
        Settle(change.Thread, track, change.At);
        Commit(change.Thread, track.SwitchOut(change.At, preempted));
        Doubt(change.Thread, track, change.At);
    }

    private void Exit(in TimelineEvent change)
    {
        _threads.Remove(change.Thread);
        _ledger.Abandon(change.Thread);
    }

    private void Wake(in TimelineEvent woken)
    {
        if (!_threads.TryGetValue(woken.Thread, out ThreadTrack? track)) return;
        if (track.State != ThreadState.Blocked) return;
        Settle(woken.Thread, track, woken.At);
        Commit(woken.Thread, track.Wake(woken.At));
    }

    private void Suspend(Timestamp at)
    {
        SettleAll(at);
        _suspendedSince ??= at;
    }

    private void Resume(Timestamp at)
    {
        SettleAll(at);
        if (_suspendedSince is { } since) observer.Suspended(at - since);
        _suspendedSince = null;
    }

    private void Begin(in TimelineEvent began)
    {
        Prove(began);
        _ledger.Begin(began);
    }

    private void End(in TimelineEvent ended)
    {
        ThreadTrack track = TrackOf(ended.Thread);
        Settle(ended.Thread, track, ended.At);
        // Whatever was seen last, the thread is running now, or it could not tell that it is done.
        Commit(ended.Thread, track.State == ThreadState.Blocked ? ThreadState.Waking : track.State);
        if (_ledger.End(ended) is { } account) observer.IterationClosed(account);
        Prove(ended);
    }

    private void Lose(in TimelineEvent loss)
    {
        SettleAll(loss.At);
        _loss.Begin(loss.Scope);
        if (loss.Scope.IsRuntime) MarkAllIncomplete();
        else foreach ((int thread, ThreadTrack track) in _threads) Doubt(thread, track, loss.At);
    }

    private void Recover(in TimelineEvent loss)
    {
        SettleAll(loss.At);
        _loss.End(loss.Scope);
        // The end of a suspension may be among what was lost.
        if (loss.Scope.IsRuntime) _suspendedSince = null;
    }

    /// <summary>Gives up a thread's state where missing events could have changed it.</summary>
    private void Doubt(int thread, ThreadTrack track, Timestamp at)
    {
        if (track.State == ThreadState.Unknown || _loss.IsCertain(track)) return;
        Commit(thread, track.Lose(at));
        if (_ledger.Open.TryGetValue(thread, out OpenIteration? iteration)) iteration.MarkIncomplete();
    }

    /// <summary>An event of the thread's own proves that it runs, where nothing better is known.</summary>
    private void Prove(in TimelineEvent told)
    {
        ThreadTrack track = TrackOf(told.Thread);
        if (_loss.SchedulerIsComplete && told.Late == Duration.Zero) track.Prove(told.At);
    }

    private ThreadTrack? FindOfTarget(in TimelineEvent change) =>
        change.Process == process ? TrackOf(change.Thread) : null;

    private ThreadTrack TrackOf(int thread)
    {
        if (!_threads.TryGetValue(thread, out ThreadTrack? track)) _threads.Add(thread, track = new ThreadTrack());
        return track;
    }

    private void Settle(int thread, ThreadTrack track, Timestamp at)
    {
        if (_ledger.Open.TryGetValue(thread, out OpenIteration? iteration)) Settle(iteration, track, at);
    }

    private void Settle(OpenIteration iteration, ThreadTrack track, Timestamp at) =>
        iteration.Settle(at, track.State, _suspendedSince is not null, _loss.Runtime);

    private void SettleAll(Timestamp at)
    {
        foreach ((int thread, OpenIteration iteration) in _ledger.Open) Settle(iteration, TrackOf(thread), at);
    }

    private void Commit(int thread, ThreadState was)
    {
        if (_ledger.Open.TryGetValue(thread, out OpenIteration? iteration)) iteration.Commit(was);
    }

    private void MarkAllIncomplete()
    {
        foreach (OpenIteration iteration in _ledger.Open.Values) iteration.MarkIncomplete();
    }
}
