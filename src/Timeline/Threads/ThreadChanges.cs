namespace Observatory.Timeline;

/// <summary>
/// Applies what happens to the threads of the target: tells what the slice that ended really was, and keeps the state
/// that began only if no event can be missing that would have changed it.
/// </summary>
internal sealed class ThreadChanges(
    ThreadTable threads, Strangers strangers, LossState loss, SliceCutter slices, TimelineCounters counters)
{
    public void SwitchIn(in TimelineEvent change)
    {
        if (FindOfTarget(change) is not { } track) return;
        var before = new BeforeChange(track);
        IncompleteReasons doubt = before.State == ThreadState.Blocked ? DoubtsOfSleep(track) : IncompleteReasons.None;
        ThreadState was = track.SwitchIn(change.At, change.Cpu);
        Conclude(track, before, change, doubt == IncompleteReasons.None ? was : ThreadState.Unknown, doubt);
    }

    public void Leave(in TimelineEvent change, bool preempted)
    {
        if (FindOfTarget(change) is not { } track) return;
        var before = new BeforeChange(track);
        Conclude(track, before, change, track.SwitchOut(change.At, change.Cpu, preempted), DoubtsOfSeed(before));
    }

    public void Exit(in TimelineEvent change)
    {
        if (threads.Find(change.Thread) is not { } track) return;
        var before = new BeforeChange(track);
        ThreadState was = track.SwitchOut(change.At, change.Cpu, preempted: false);
        track.Lose(change.At, IncompleteReasons.None);
        if (change.IsLate) slices.Cut(track, before, change, ThreadState.Unknown, IncompleteReasons.Late, flawed: true);
        else slices.Cut(track, before, change, was);
        threads.Remove(track);
    }

    public void Wake(in TimelineEvent woken)
    {
        if (woken.Thread == TimelineEvent.UnknownThread) strangers.Wake(woken.At);
        if (threads.Find(woken.Thread) is not { } track) return;
        var before = new BeforeChange(track);
        ThreadState was = track.Wake(woken.At);
        if (before.State != track.State) slices.Cut(track, before, woken, was);
    }

    /// <summary>An event of the thread's own proves that it runs, whatever was seen last.</summary>
    public void Prove(in TimelineEvent told)
    {
        if (told.IsLate || loss.MayHide(told.Thread)) return;
        ThreadTrack track = threads.TrackOf(told.Thread);
        var before = new BeforeChange(track);
        ThreadState was = track.Prove(told.At);
        if (before.State != track.State) Conclude(track, before, told, was, DoubtsOfSeed(before));
    }

    /// <summary>A thread was there when the observer came. What the scheduler told since is better.</summary>
    public void See(in TimelineEvent seen)
    {
        if (!threads.IsOfTarget(seen)) return;
        ThreadTrack track = threads.TrackOf(seen.Thread);
        bool isKnown = track.State != ThreadState.Unknown;
        if (isKnown || !seen.IsSleeping || seen.IsLate || loss.MayHide(seen.Thread)) return;
        var before = new BeforeChange(track);
        slices.Cut(track, before, seen, track.Seed(seen.At));
    }

    /// <summary>A thread was made. Whoever had its id before has exited unseen.</summary>
    public void Begin(in TimelineEvent began)
    {
        if (!threads.IsOfTarget(began)) return;
        if (!began.IsLate && threads.Find(began.Thread) is { } stale) Remove(stale);
        ThreadTrack track = threads.TrackOf(began.Thread);
        threads.Describe(track, began.Role);
        if (began.IsLate || loss.MayHide(began.Thread)) return;
        var before = new BeforeChange(track);
        slices.Cut(track, before, began, track.Begin(began.At));
    }

    /// <summary>A switch that comes late does not tell where the thread is now: it may have gone on elsewhere since.</summary>
    public void Forget(in TimelineEvent late)
    {
        if (threads.Find(late.Thread) is { } track) GiveUp(track, IncompleteReasons.Late);
    }

    /// <summary>Gives up the states that events missing from a scope could have changed.</summary>
    public void Doubt(LossScope scope)
    {
        if (!scope.IsThread)
        {
            foreach (ThreadTrack track in threads.All) Doubt(track);
        }
        else if (threads.Find(scope.ThreadId) is { } track)
        {
            Doubt(track);
        }
    }

    private static IncompleteReasons DoubtsOfSeed(in BeforeChange before) =>
        before.IsSeeded ? IncompleteReasons.NotSeen : IncompleteReasons.None;

    /// <summary>Why nobody knows how long a thread that comes without a wake-up has waited for its CPU.</summary>
    private IncompleteReasons DoubtsOfSleep(ThreadTrack track)
    {
        // Nobody saw how it came to sleep.
        if (track.IsSeeded) return IncompleteReasons.NotSeen;
        // It may have been this thread that was woken then.
        if (strangers.MayInclude(track)) return IncompleteReasons.UnseenWakeUp;
        if (track.IsSleepDoubtful) return IncompleteReasons.None;
        counters.UnseenWakeUps++;
        return IncompleteReasons.UnseenWakeUp;
    }

    private ThreadTrack? FindOfTarget(in TimelineEvent change)
    {
        // Its process it still has, but all that exit would be one thread. Its own life ended when it lost its id.
        if (change.Thread == TimelineEvent.ExitingThread) return null;
        if (threads.IsOfTarget(change)) return threads.TrackOf(change.Thread);
        // The id belongs to another process now, so its thread has exited unseen.
        if (change.Process > 0 && threads.Find(change.Thread) is { } stale) Remove(stale);
        return null;
    }

    /// <summary>A thread has exited without anybody seeing it.</summary>
    private void Remove(ThreadTrack stale)
    {
        GiveUp(stale, IncompleteReasons.Contradiction);
        threads.Remove(stale);
    }

    /// <summary>Tells the slice that ended, and keeps the state that began only if it is certain.</summary>
    /// <param name="track">The thread, as it is now.</param>
    /// <param name="before">As it was.</param>
    /// <param name="change">What changed it.</param>
    /// <param name="was">What the time before really was.</param>
    /// <param name="doubt">What excuses it where it does not follow.</param>
    private void Conclude(
        ThreadTrack track, in BeforeChange before, in TimelineEvent change, ThreadState was, IncompleteReasons doubt)
    {
        bool contradicts = was == ThreadState.Unknown && before.State != ThreadState.Unknown;
        if (contradicts && doubt == IncompleteReasons.None)
        {
            counters.Contradictions++;
            doubt = IncompleteReasons.Contradiction;
        }

        slices.Cut(track, before, change, was, contradicts ? doubt : IncompleteReasons.None, flawed: contradicts);
        Doubt(track);
    }

    private void Doubt(ThreadTrack track)
    {
        if (track.State == ThreadState.Unknown || !loss.MayHide(track.Id)) return;
        if (loss.IsCertain(track)) track.DoubtWakeUps();
        else GiveUp(track, loss.ReasonsFor(track.Id));
    }

    private void GiveUp(ThreadTrack track, IncompleteReasons why)
    {
        var before = new BeforeChange(track);
        TimelineEvent lost = TimelineEvent.LossBegan(slices.Now, LossScope.Scheduler, why);
        slices.Cut(track, before, lost, track.Lose(slices.Now, why), why, flawed: true);
    }
}
