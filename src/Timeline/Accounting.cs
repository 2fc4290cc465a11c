namespace Observatory.Timeline;

/// <summary>
/// Applies events, in order, to the threads of the target and to the units of work that they work on. What follows from
/// the threads' slices is left to the consumers of the <see cref="ThreadTable"/>.
/// </summary>
internal sealed class Accounting
{
    private readonly ITimelineObserver _observer;
    private readonly Findings _findings;
    private readonly int _process;
    private readonly bool _seesWholeMachine;
    private readonly AccountClock _clock;
    private readonly LossState _loss;
    private readonly UnidentifiedWakeUps _unidentified;
    private readonly ThreadTable _threads;
    private readonly ThreadTransitions _transitions;
    private readonly LossHistory _losses;
    private readonly UnitLedger _ledger;
    private readonly Pool _pool;
    private readonly Preemptors _preemptors;
    private readonly Wakers _wakers;
    private readonly LastToStop _lastToStop;
    private readonly ClosedUnits _closed;

    /// <param name="process">The target.</param>
    /// <param name="observer">Receives the results.</param>
    /// <param name="counters">Counts.</param>
    /// <param name="seesWholeMachine">True where every thread has a number, so that 0 is the idle task.</param>
    /// <param name="from">The state to start from; null for the beginning of everything.</param>
    /// <param name="follower">Told of every slice before the other consumers.</param>
    public Accounting(
        int process,
        ITimelineObserver observer,
        TimelineCounters counters,
        bool seesWholeMachine,
        TimelineCheckpoint? from = null,
        ISliceConsumer? follower = null)
    {
        (_process, _observer, _seesWholeMachine) = (process, observer, seesWholeMachine);
        _clock = from?.Clock() ?? new AccountClock();
        _loss = from?.Loss() ?? new LossState();
        _unidentified = from?.Unidentified() ?? new UnidentifiedWakeUps();
        _findings = new Findings(observer);
        var consumers = new SliceFan();
        _threads = new ThreadTable(process, _clock, _loss, consumers);
        _preemptors = new Preemptors(_findings, _threads, _loss, seesWholeMachine);
        _transitions = new ThreadTransitions(
            _threads, _unidentified, _loss, _preemptors, new SliceCutter(_clock, consumers), counters);
        _losses = new LossHistory(_loss);
        _pool = new Pool(_clock, _threads, _unidentified);
        _ledger = new UnitLedger(_clock, _loss, _losses, _pool, counters);
        _wakers = new Wakers(_clock, _threads);
        _lastToStop = new LastToStop(_threads);
        _closed = new ClosedUnits(counters);
        // The pool comes last, because the windows it moves time in are those that are still open.
        ISliceConsumer[] own = [_ledger, _preemptors, _wakers, _lastToStop, _pool];
        consumers.Consumers = follower is null ? own : [follower, .. own];
        if (from is null) return;
        _threads.Restore(from.Tracks());
        _preemptors.Restore(from.Cpus);
    }

    /// <summary>Threads of the target that are followed.</summary>
    public int Threads => _threads.All.Count;

    /// <summary>How many things are held of what was applied.</summary>
    public TimelineFootprint Footprint => new(
        0, 0, 0, _loss.Count, _threads.All.Count, _ledger.Count + _ledger.Displaced, _wakers.Kept, _preemptors.Kept);

    /// <summary>What all threads did since the first stream joined.</summary>
    public PoolAccount ProcessTimes => _pool.SinceBeginning;

    /// <summary>The state between the last event and the next.</summary>
    public TimelineCheckpoint Checkpoint() =>
        new(_process, _seesWholeMachine, _clock, _loss, _unidentified, _threads.All, _preemptors.Now);

    /// <summary>Nothing more will come.</summary>
    public void Finish()
    {
        _ledger.AbandonAll();
        Tell();
    }

    /// <summary>Tells the observer what was found and is not told yet.</summary>
    public void Tell() => _findings.Tell();

    /// <summary>Applies events in their order.</summary>
    public void Apply(EventRun events)
    {
        if (events.Count == 0) return;
        // Between the first and the last, what concerns no thread of the target does not read the clock.
        _clock.Advance(events.Places[0].At, _loss.Runtime);
        int whole = 0;
        foreach (ref readonly PackedEvent place in events.Places)
        {
            if (place.IsWhole) Apply(events.Whole[whole++]);
            else if (MayConcernTarget(place)) Apply(place.Unpack());
            else if (place.IsSwitch) _preemptors.Switch(place);
        }

        _clock.Advance(events.Places[^1].At, _loss.Runtime);
    }

    /// <summary>Applies one event.</summary>
    public void Apply(in TimelineEvent happened)
    {
        _clock.Advance(happened.At, _loss.Runtime);
        ApplyToThreads(happened);
        // After the threads: a wait is charged to the holders before this switch.
        if (happened.IsSwitch) _preemptors.Switch(happened);
    }

    /// <summary>False for what threads of other processes do among themselves, which is most of what a busy machine does.</summary>
    private bool MayConcernTarget(in PackedEvent happened) =>
        happened.Process == _process
        || _threads.MayKnow(happened.Thread)
        || happened is { Kind: EventKind.Waking, Thread: TimelineEvent.UnknownThread }
        || happened is { IsSwitch: true, Thread: TimelineEvent.ExitingThread };

    private void ApplyToThreads(in TimelineEvent happened)
    {
        switch (happened.Kind)
        {
            case <= EventKind.Exited when happened.Thread == TimelineEvent.ExitingThread: SwitchNameless(happened); break;
            case < EventKind.Exited or EventKind.Waking when happened.IsLate: SwitchLate(happened); break;
            case EventKind.SwitchIn: _transitions.SwitchIn(happened); break;
            case EventKind.SwitchOut: _transitions.Leave(happened, preempted: false); break;
            case EventKind.Preempted: _transitions.Leave(happened, preempted: true); break;
            case EventKind.Exited: Exit(happened); break;
            case EventKind.Waking: _transitions.Wake(happened); break;
            case EventKind.PageFaults: CountFaults(happened); break;
            case EventKind.SuspensionBegan: Suspend(happened); break;
            case EventKind.SuspensionReached: _lastToStop.Reach(happened); break;
            case EventKind.SuspensionEnded: Resume(happened); break;
            case EventKind.IterationBegan: Begin(happened); break;
            case EventKind.IterationEnded: End(happened); break;
            case EventKind.UnitBegan: _ledger.Begin(happened); break;
            case EventKind.UnitEnded: EndUnit(happened); break;
            case EventKind.UnitDropped: _ledger.Drop(happened.Unit); break;
            case EventKind.SegmentBegan: BeginSegment(happened); break;
            case EventKind.SegmentEnded: EndSegment(happened); break;
            case EventKind.UnitAwaits: _ledger.Await(happened); break;
            case EventKind.UnitReady: _ledger.Ready(happened); break;
            case EventKind.ThreadSeen: _transitions.See(happened); break;
            case EventKind.ThreadBegan: _transitions.Begin(happened); break;
            case EventKind.ThreadDescribed: Describe(happened); break;
            case EventKind.LossBegan: BeginLoss(happened); break;
            case EventKind.LossEnded: EndLoss(happened); break;
        }
    }

    private void SwitchNameless(in TimelineEvent nameless)
    {
        if (nameless.IsLate) Doubt(nameless);
        _transitions.SwitchNameless(nameless);
    }

    private void SwitchLate(in TimelineEvent late)
    {
        Doubt(late);
        _transitions.SwitchLate(late);
    }

    private void Exit(in TimelineEvent exited)
    {
        if (exited.IsLate) Doubt(exited);
        _transitions.Exit(exited);
    }

    private void Doubt(in TimelineEvent late)
    {
        _closed.Doubt(late);
        _ledger.Doubt(late);
    }

    private void CountFaults(in TimelineEvent faults)
    {
        if (_threads.Find(faults.Thread) is not { } track) return;
        if (faults.IsLate)
        {
            // Which units were open when it happened cannot be told any more.
            _losses.EnterFlaw();
            return;
        }

        var counted = faults.IsMajor ? new FaultCounts(0, faults.Count) : new FaultCounts(faults.Count, 0);
        track.Faults += counted;
        _clock.Count(counted);
    }

    private void Suspend(in TimelineEvent began)
    {
        if (began.IsLate) _losses.Enter(IncompleteReasons.Late);
        _clock.Suspend(began.Happened);
        _lastToStop.Begin(began);
    }

    private void Resume(in TimelineEvent ended)
    {
        Timestamp? began = _clock.Resume();
        Suspension suspension = _lastToStop.End(began ?? ended.Happened, ended.Happened);
        // The waits of its threads are evidence of why it took long.
        _findings.Tell();
        if (began is not null) _observer.Suspended(suspension);
        // Without its beginning it is not known how much of the open units lies inside the suspension.
        if (began is null) _losses.Enter(IncompleteReasons.NotSeen);
        if (ended.IsLate) _losses.Enter(IncompleteReasons.Late);
    }

    private void Begin(in TimelineEvent began)
    {
        if (_threads.HasExitedSince(began))
        {
            // Nothing would ever take it away again.
            _ledger.Miss();
            return;
        }

        ThreadTrack track = _threads.TrackOf(began.Thread);
        _transitions.ObserveRunning(began);
        _threads.Describe(track, ThreadRole.Driving);
        _ledger.BeginIteration(began, track);
    }

    private void End(in TimelineEvent ended)
    {
        _transitions.ObserveRunning(ended);
        if (_ledger.EndIteration(ended, _threads.Find(ended.Thread)) is { } account) Tell(account);
    }

    private void EndUnit(in TimelineEvent ended)
    {
        if (ended.Thread != TimelineEvent.UnknownThread) _transitions.ObserveRunning(ended);
        if (_ledger.End(ended) is { } account) Tell(account);
    }

    private void Tell(in UnitAccount account)
    {
        // The waits that it has in it are evidence of its causes.
        _findings.Tell();
        if (account.IsComplete) _closed.Add(account);
        if (account.Kind == UnitKind.Iteration) _observer.IterationClosed(account);
        else _observer.UnitClosed(account);
    }

    private void BeginSegment(in TimelineEvent began)
    {
        if (_threads.HasExitedSince(began))
        {
            _ledger.MarkLate(began.Unit);
            return;
        }

        ThreadTrack track = _threads.TrackOf(began.Thread);
        _transitions.ObserveRunning(began);
        _ledger.BeginSegment(began, track);
    }

    private void EndSegment(in TimelineEvent ended)
    {
        _transitions.ObserveRunning(ended);
        _ledger.EndSegment(ended, _threads.Find(ended.Thread));
    }

    private void Describe(in TimelineEvent described)
    {
        if (_threads.Find(described.Thread) is { } track) _threads.Describe(track, described.Role);
    }

    private void BeginLoss(in TimelineEvent loss)
    {
        _loss.Begin(loss.Scope, loss.Reasons);
        _losses.EnterFlaw();
        _preemptors.MarkUnknown(loss.Scope, loss.Happened);
        if (loss.Scope.IsRuntime || loss.IsLate) MarkIncomplete(loss);
        if (!loss.Scope.IsRuntime) _transitions.MarkUnknown(loss.Scope);
    }

    /// <summary>Something is missing that may concern every unit its scope touches.</summary>
    private void MarkIncomplete(in TimelineEvent loss)
    {
        if (!loss.Scope.IsThread) _losses.Enter(loss.Reasons);
        else _threads.Find(loss.Scope.ThreadId)?.Segment.Unit?.MarkIncomplete(loss.Reasons);
        if (loss.Scope.IsRuntime) _ledger.MarkSegmentsUnknown(loss.Reasons);
    }

    private void EndLoss(in TimelineEvent loss)
    {
        _loss.End(loss.Scope);
        // The end of a suspension may be among what was lost.
        if (!loss.Scope.IsRuntime) return;
        _clock.Resume();
        _lastToStop.Forget();
    }
}
