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
    private Timestamp _strangerWoken;

    /// <summary>Threads of the target that are followed.</summary>
    public int Threads => _threads.Count;

    /// <summary>Nothing more will come.</summary>
    public void Finish() => _ledger.AbandonAll();

    public void Apply(TimelineEvent happened)
    {
        switch (happened.Kind)
        {
            case < EventKind.Exited or EventKind.Waking when happened.IsLate: Forget(happened); break;
            case EventKind.SwitchIn: SwitchIn(happened); break;
            case EventKind.SwitchOut: Leave(happened, preempted: false); break;
            case EventKind.Preempted: Leave(happened, preempted: true); break;
            case EventKind.Exited: Exit(happened); break;
            case EventKind.Waking: Wake(happened); break;
            case EventKind.SuspensionBegan: Suspend(happened); break;
            case EventKind.SuspensionEnded: Resume(happened); break;
            case EventKind.IterationBegan: Begin(happened); break;
            case EventKind.IterationEnded: End(happened); break;
            case EventKind.LossBegan: Lose(happened); break;
            case EventKind.LossEnded: Recover(happened); break;
        }
    }

    private void SwitchIn(in TimelineEvent change)
    {
        if (FindOfTarget(change) is not { } track) return;
        (Timestamp since, ThreadState last) = (track.Since, track.State);
        Settle(change.Thread, track, change.At);
        ThreadState was = track.SwitchIn(change.At, change.Cpu);
        if (last == ThreadState.Blocked && _strangerWoken >= since)
        {
            // It may have been this thread that was woken then: how long it waited for the CPU is not known.
            GiveUpSlice(change.Thread);
            return;
        }

        if (was is ThreadState.Preempted or ThreadState.Waking) observer.RunQueueWaited(change.At - since);
        Conclude(change, track, last, was);
    }

    private void Leave(in TimelineEvent change, bool preempted)
    {
        if (FindOfTarget(change) is not { } track) return;
        ThreadState last = track.State;
        Settle(change.Thread, track, change.At);
        Conclude(change, track, last, track.SwitchOut(change.At, change.Cpu, preempted));
    }

    private void Exit(in TimelineEvent change)
    {
        _threads.Remove(change.Thread);
        _ledger.Abandon(change.Thread);
    }

    private void Wake(in TimelineEvent woken)
    {
        if (woken.Thread == TimelineEvent.UnknownThread) _strangerWoken = woken.At;
        if (!_threads.TryGetValue(woken.Thread, out ThreadTrack? track)) return;
        if (track.State != ThreadState.Blocked) return;
        Settle(woken.Thread, track, woken.At);
        Commit(woken.Thread, track.Wake(woken.At));
    }

    private void Suspend(in TimelineEvent began)
    {
        SettleAll(began.At);
        if (began.IsLate) MarkAllIncomplete();
        _suspendedSince ??= began.Happened;
    }

    private void Resume(in TimelineEvent ended)
    {
        SettleAll(ended.At);
        if (_suspendedSince is { } since) observer.Suspended(ended.Happened - since);
        // Without its beginning nobody knows how much of the open iterations lies inside the suspension.
        if (ended.IsLate || _suspendedSince is null) MarkAllIncomplete();
        _suspendedSince = null;
    }

    private void Begin(in TimelineEvent began)
    {
        TrackOf(began.Thread);
        Prove(began);
        _ledger.Begin(began);
    }

    private void End(in TimelineEvent ended)
    {
        if (_threads.TryGetValue(ended.Thread, out ThreadTrack? track)) Settle(ended.Thread, track, ended.At);
        Prove(ended);
        if (track is not null) Commit(ended.Thread, track.State);
        if (_ledger.End(ended) is { } account) observer.IterationClosed(account);
    }

    private void Lose(in TimelineEvent loss)
    {
        SettleAll(loss.At);
        _loss.Begin(loss.Scope);
        if (loss.Scope.IsRuntime || loss.IsLate) MarkAllIncomplete();
        if (loss.Scope.IsRuntime) return;
        foreach ((int thread, ThreadTrack track) in _threads) Doubt(thread, track, loss.At);
    }

    private void Recover(in TimelineEvent loss)
    {
        SettleAll(loss.At);
        _loss.End(loss.Scope);
        // The end of a suspension may be among what was lost.
        if (loss.Scope.IsRuntime) _suspendedSince = null;
    }

    /// <summary>A switch that comes late does not tell where the thread is now: it may have gone on elsewhere since.</summary>
    private void Forget(in TimelineEvent late)
    {
        if (!_threads.TryGetValue(late.Thread, out ThreadTrack? track)) return;
        Settle(late.Thread, track, late.At);
        GiveUp(late.Thread, track, late.At);
    }

    /// <summary>Gives up a thread's state where missing events could have changed it.</summary>
    private void Doubt(int thread, ThreadTrack track, Timestamp at)
    {
        if (track.State != ThreadState.Unknown && !_loss.IsCertain(track)) GiveUp(thread, track, at);
    }

    private void GiveUp(int thread, ThreadTrack track, Timestamp at)
    {
        Commit(thread, track.Lose(at));
        MarkIncomplete(thread);
    }

    /// <summary>The slice that ended remains unknown, although the thread's state is known from here on.</summary>
    private void GiveUpSlice(int thread)
    {
        Commit(thread, ThreadState.Unknown);
        MarkIncomplete(thread);
    }

    private void MarkIncomplete(int thread)
    {
        if (_ledger.Open.TryGetValue(thread, out OpenIteration? iteration)) iteration.MarkIncomplete();
    }

    /// <summary>An event of the thread's own proves that it runs, whatever was seen last.</summary>
    private void Prove(in TimelineEvent told)
    {
        if (told.IsLate || !_loss.SchedulerIsComplete) return;
        ThreadTrack track = TrackOf(told.Thread);
        ThreadState last = track.State;
        Conclude(told, track, last, track.Prove(told.At));
    }

    /// <summary>Charges the state that ended, and keeps the one that began only if it is certain.</summary>
    private void Conclude(in TimelineEvent change, ThreadTrack track, ThreadState last, ThreadState was)
    {
        if (was == ThreadState.Unknown && last != ThreadState.Unknown) counters.Contradictions++;
        Commit(change.Thread, was);
        Doubt(change.Thread, track, change.At);
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
