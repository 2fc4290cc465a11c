namespace Observatory.Timeline;

/// <summary>
/// Applies what happens to the threads of the target: tells what the slice that ended really was, and keeps the state
/// that began only if no event can be missing that would have changed it.
/// </summary>
internal sealed class ThreadTransitions(
    ThreadTable threads,
    UnidentifiedWakeUps unidentified,
    LossState loss,
    Preemptors holders,
    SliceCutter slices,
    TimelineCounters counters)
{
    public void SwitchIn(in TimelineEvent change)
    {
        if (FindOfTarget(change) is not { } track) return;
        var before = new BeforeChange(track);
        bool isAfterIdle = holders.WasIdleBefore(change);
        if (before.State == ThreadState.Waking && isAfterIdle) counters.IdleExits.Add(change.At - before.Since);
        bool isInferred = isAfterIdle && MayInferWakeUp(track);
        IncompleteReasons unseen = before.State == ThreadState.Blocked && !isInferred ? ReasonsOfUnseenWakeUp(track) : IncompleteReasons.None;
        if (isInferred) counters.InferredWakeUps++;
        ThreadState was = track.SwitchIn(change.At, change.Cpu);
        if (isInferred) was = ThreadState.Blocked;
        Conclude(track, before, change, unseen == IncompleteReasons.None ? was : ThreadState.Unknown, unseen);
    }

    public void Leave(in TimelineEvent change, bool preempted)
    {
        if (FindOfTarget(change) is not { } track) return;
        var before = new BeforeChange(track);
        Conclude(track, before, change, track.SwitchOut(change.At, change.Cpu, preempted), ReasonsOfAssumption(before));
    }

    public void Exit(in TimelineEvent change)
    {
        if (threads.IsOfTarget(change)) threads.Exit(change.Thread, change.Happened);
        if (threads.Find(change.Thread) is not { } track) return;
        var before = new BeforeChange(track);
        ThreadState was = track.SwitchOut(change.At, change.Cpu, preempted: false);
        track.MarkUnknown(change.At, IncompleteReasons.None);
        if (change.IsLate) slices.Cut(track, before, change, ThreadState.Unknown, IncompleteReasons.Late, flawed: true);
        else slices.Cut(track, before, change, was);
        threads.Remove(track);
    }

    public void Wake(in TimelineEvent woken)
    {
        if (woken.Thread == TimelineEvent.UnknownThread) unidentified.Wake(woken.At);
        if (threads.Find(woken.Thread) is not { } track) return;
        var before = new BeforeChange(track);
        ThreadState was = track.Wake(woken.At);
        if (before.State != track.State) slices.Cut(track, before, woken, was);
    }

    /// <summary>The thread told something itself, so it runs, whatever was seen last.</summary>
    public void ObserveRunning(in TimelineEvent told)
    {
        if (told.IsLate || loss.MayHide(told.Thread)) return;
        ThreadTrack track = threads.TrackOf(told.Thread);
        var before = new BeforeChange(track);
        ThreadState was = track.ObserveRunning(told.At);
        if (before.State != track.State) Conclude(track, before, told, was, ReasonsOfAssumption(before));
    }

    /// <summary>A thread was there when the observer came. What the scheduler told since is better.</summary>
    public void See(in TimelineEvent seen)
    {
        if (!threads.IsOfTarget(seen)) return;
        ThreadTrack track = threads.TrackOf(seen.Thread);
        bool isKnown = track.State != ThreadState.Unknown;
        if (isKnown || !seen.IsSleeping || seen.IsLate || loss.MayHide(seen.Thread)) return;
        var before = new BeforeChange(track);
        slices.Cut(track, before, seen, track.AssumeSleeping(seen.At));
    }

    /// <summary>A thread was made. A thread that had its id before has exited unseen.</summary>
    public void Begin(in TimelineEvent began)
    {
        if (!threads.IsOfTarget(began)) return;
        if (!began.IsLate && threads.Find(began.Thread) is { } stale) Remove(stale);
        ThreadTrack track = threads.TrackOf(began.Thread);
        threads.Describe(track, began.Role);
        if (began.IsLate || loss.MayHide(began.Thread)) return;
        var before = new BeforeChange(track);
        slices.Cut(track, before, began, track.Begin(began.At, began.Maker));
    }

    /// <summary>A switch that comes late does not tell where the thread is now: it may have gone on elsewhere since.</summary>
    public void SwitchLate(in TimelineEvent late)
    {
        if (threads.TrackOfLate(late) is { } track) MarkUnknown(track, IncompleteReasons.Late);
    }

    /// <summary>
    /// A switch of a thread that no longer has an id, on a CPU to which none was seen to come. Its process it still has, but all that exit
    /// would be one thread, so it is no thread here: its own life ended when it lost its id. Where it leaves, it may be one that has told
    /// itself that it runs and whose CPU is not known, and which would otherwise be taken for running until something else is heard of it.
    /// </summary>
    public void SwitchNameless(in TimelineEvent nameless)
    {
        bool isOfAnother = nameless.Process > 0 && !threads.IsOfTarget(nameless);
        if (nameless.Kind == EventKind.SwitchIn || isOfAnother) return;
        var ring = new LossScope(nameless.Cpu);
        foreach (ThreadTrack track in threads.All)
        {
            bool mayBeIt = track is { State: ThreadState.Running, Cpu: < 0 } && (!ring.IsThread || ring.ThreadId == track.Id);
            if (mayBeIt) MarkUnknown(track, IncompleteReasons.NotSeen);
        }
    }

    /// <summary>Marks unknown every state that events missing from a scope could have changed.</summary>
    public void MarkUnknown(LossScope scope)
    {
        if (!scope.IsThread)
        {
            foreach (ThreadTrack track in threads.All) MarkUnknownIfHidden(track);
        }
        else if (threads.Find(scope.ThreadId) is { } track)
        {
            MarkUnknownIfHidden(track);
        }
    }

    private static IncompleteReasons ReasonsOfAssumption(in BeforeChange before) =>
        before.IsAssumedSleeping ? IncompleteReasons.NotSeen : IncompleteReasons.None;

    /// <summary>
    /// True for a thread that was seen to fall asleep and then comes, without a wake-up, to a CPU that was idle: its wake-up
    /// is among those that the kernel does not record. A CPU is not idle with a thread in its queue, but for the time it
    /// takes to leave idleness, so until then the thread slept.
    /// </summary>
    private bool MayInferWakeUp(ThreadTrack track) =>
        track is { State: ThreadState.Blocked, IsAssumedSleeping: false, MayHaveBeenWoken: false } && !unidentified.MayInclude(track);

    /// <summary>Why it is not known how long a thread that comes without a wake-up has waited for its CPU.</summary>
    private IncompleteReasons ReasonsOfUnseenWakeUp(ThreadTrack track)
    {
        // How it came to sleep was not seen.
        if (track.IsAssumedSleeping) return IncompleteReasons.NotSeen;
        // It may have been this thread that was woken then.
        if (unidentified.MayInclude(track)) return IncompleteReasons.UnseenWakeUp;
        if (track.MayHaveBeenWoken) return IncompleteReasons.None;
        counters.UnseenWakeUps++;
        return IncompleteReasons.UnseenWakeUp;
    }

    private ThreadTrack? FindOfTarget(in TimelineEvent change)
    {
        if (threads.IsOfTarget(change)) return threads.TrackOf(change.Thread);
        // The id belongs to another process now, so its thread has exited unseen.
        if (change.Process > 0 && threads.Find(change.Thread) is { } stale) Remove(stale);
        return null;
    }

    /// <summary>A thread has exited unseen.</summary>
    private void Remove(ThreadTrack stale)
    {
        MarkUnknown(stale, IncompleteReasons.Contradiction);
        threads.Remove(stale);
    }

    /// <summary>Tells the slice that ended, and keeps the state that began only if it is certain.</summary>
    /// <param name="track">The thread, as it is now.</param>
    /// <param name="before">As it was.</param>
    /// <param name="change">What changed it.</param>
    /// <param name="was">What the time before really was.</param>
    /// <param name="excuse">Why it need not follow; where nothing excuses it, the events contradict each other.</param>
    private void Conclude(
        ThreadTrack track, in BeforeChange before, in TimelineEvent change, ThreadState was, IncompleteReasons excuse)
    {
        bool contradicts = was == ThreadState.Unknown && before.State != ThreadState.Unknown;
        if (contradicts && excuse == IncompleteReasons.None)
        {
            counters.Contradictions++;
            excuse = IncompleteReasons.Contradiction;
        }

        slices.Cut(track, before, change, was, contradicts ? excuse : IncompleteReasons.None, flawed: contradicts);
        MarkUnknownIfHidden(track);
    }

    private void MarkUnknownIfHidden(ThreadTrack track)
    {
        if (track.State == ThreadState.Unknown || !loss.MayHide(track.Id)) return;
        if (loss.IsCertain(track)) track.AssumeMayBeWoken();
        else MarkUnknown(track, loss.ReasonsFor(track.Id));
    }

    private void MarkUnknown(ThreadTrack track, IncompleteReasons why)
    {
        var before = new BeforeChange(track);
        TimelineEvent lost = TimelineEvent.LossBegan(slices.Now, LossScope.Scheduler, why);
        slices.Cut(track, before, lost, track.MarkUnknown(slices.Now, why), why, flawed: true);
    }
}

/// <summary>Wake-ups whose thread could not be identified: any thread that has slept since may be meant.</summary>
internal sealed class UnidentifiedWakeUps
{
    private Timestamp? _woken;

    /// <summary>True when there was one.</summary>
    public bool Any => _woken is not null;

    public UnidentifiedWakeUps Copy() => (UnidentifiedWakeUps)MemberwiseClone();

    public void Wake(Timestamp at) => _woken = at;

    /// <summary>True for a thread that seems asleep, but may be the one that was woken since.</summary>
    public bool MayInclude(ThreadTrack track) => track.State == ThreadState.Blocked && _woken >= track.Since;
}
