namespace Observatory.Timeline;

/// <summary>The threads of the target. Tells its consumers of each slice that ended, as what it really was.</summary>
internal sealed class ThreadTable(int process, AccountClock clock, LossState loss, TimelineCounters counters)
{
    private readonly Dictionary<int, ThreadTrack> _threads = [];
    private Timestamp? _strangerWoken;

    /// <summary>Those who are told, in this order.</summary>
    public ISliceConsumer[] Consumers { get; set; } = [];

    /// <summary>Threads that are followed.</summary>
    public IReadOnlyCollection<ThreadTrack> All => _threads.Values;

    public ThreadTrack? Find(int thread) => _threads.GetValueOrDefault(thread);

    /// <summary>True when a thread was woken that nobody could name.</summary>
    public bool HasStrangers => _strangerWoken is not null;

    /// <summary>True for a thread that seems asleep, but may be the one nobody could name that was woken since.</summary>
    public bool MayHaveBeenWoken(ThreadTrack track) =>
        track.State == ThreadState.Blocked && _strangerWoken >= track.Since;

    public void SwitchIn(in TimelineEvent change)
    {
        if (FindOfTarget(change) is not { } track) return;
        var before = new Before(track);
        // It may have been this thread that was woken then: how long it waited for the CPU is not known. Nor is it
        // where nobody saw how it came to sleep.
        bool doubtful = before.State == ThreadState.Blocked && (MayHaveBeenWoken(track) || track.IsSeeded);
        ThreadState was = track.SwitchIn(change.At, change.Cpu);
        Conclude(track, before, change, doubtful ? ThreadState.Unknown : was, doubtful);
    }

    public void Leave(in TimelineEvent change, bool preempted)
    {
        if (FindOfTarget(change) is not { } track) return;
        var before = new Before(track);
        Conclude(track, before, change, track.SwitchOut(change.At, change.Cpu, preempted), before.IsSeeded);
    }

    public void Exit(in TimelineEvent change)
    {
        if (Find(change.Thread) is not { } track) return;
        var before = new Before(track);
        ThreadState was = track.SwitchOut(change.At, change.Cpu, preempted: false);
        track.Lose(change.At);
        Close(track, before, change, change.IsLate ? ThreadState.Unknown : was, flawed: change.IsLate);
        Remove(track);
    }

    public void Wake(in TimelineEvent woken)
    {
        if (woken.Thread == TimelineEvent.UnknownThread) _strangerWoken = woken.At;
        if (Find(woken.Thread) is not { } track) return;
        var before = new Before(track);
        ThreadState was = track.Wake(woken.At);
        if (before.State != track.State) Close(track, before, woken, was, flawed: false);
    }

    /// <summary>An event of the thread's own proves that it runs, whatever was seen last.</summary>
    public void Prove(in TimelineEvent told)
    {
        if (told.IsLate || !loss.SchedulerIsComplete) return;
        ThreadTrack track = TrackOf(told.Thread);
        var before = new Before(track);
        ThreadState was = track.Prove(told.At);
        if (before.State != track.State) Conclude(track, before, told, was, before.IsSeeded);
    }

    /// <summary>A thread was there when the observer came. What the scheduler told since is better.</summary>
    public void See(in TimelineEvent seen)
    {
        if (seen.Process != process) return;
        ThreadTrack track = TrackOf(seen.Thread);
        if (track.State != ThreadState.Unknown || !seen.IsSleeping || seen.IsLate || !loss.SchedulerIsComplete) return;
        var before = new Before(track);
        Close(track, before, seen, track.Seed(seen.At), flawed: false);
    }

    /// <summary>A switch that comes late does not tell where the thread is now: it may have gone on elsewhere since.</summary>
    public void Forget(in TimelineEvent late)
    {
        if (Find(late.Thread) is { } track) GiveUp(track);
    }

    /// <summary>Gives up the states that missing events could have changed.</summary>
    public void DoubtAll()
    {
        foreach (ThreadTrack track in _threads.Values) Doubt(track);
    }

    public void Describe(ThreadTrack track, ThreadRole role)
    {
        if (track.Role == role || track.Role == ThreadRole.Driving) return;
        foreach (ISliceConsumer consumer in Consumers) consumer.Becomes(track, role);
        track.Role = role;
    }

    public ThreadTrack TrackOf(int thread)
    {
        if (_threads.TryGetValue(thread, out ThreadTrack? track)) return track;
        _threads.Add(thread, track = new ThreadTrack(thread) { CountedSince = clock.Counted });
        track.Lose(clock.Now);
        foreach (ISliceConsumer consumer in Consumers) consumer.Appeared(track);
        return track;
    }

    private ThreadTrack? FindOfTarget(in TimelineEvent change)
    {
        if (change.Process == process) return TrackOf(change.Thread);
        // The id belongs to another process now, so its thread has exited unseen.
        if (change.Process > 0 && Find(change.Thread) is { } stale)
        {
            GiveUp(stale);
            Remove(stale);
        }

        return null;
    }

    private void Remove(ThreadTrack track)
    {
        _threads.Remove(track.Id);
        foreach (ISliceConsumer consumer in Consumers) consumer.Gone(track);
    }

    /// <summary>Tells the slice that ended, and keeps the state that began only if it is certain.</summary>
    private void Conclude(ThreadTrack track, in Before before, in TimelineEvent change, ThreadState was, bool excused)
    {
        bool contradicts = was == ThreadState.Unknown && before.State != ThreadState.Unknown;
        if (contradicts && !excused) counters.Contradictions++;
        Close(track, before, change, was, flawed: contradicts);
        Doubt(track);
    }

    private void Doubt(ThreadTrack track)
    {
        if (track.State != ThreadState.Unknown && !loss.IsCertain(track)) GiveUp(track);
    }

    private void GiveUp(ThreadTrack track)
    {
        var before = new Before(track);
        TimelineEvent lost = TimelineEvent.LossBegan(clock.Now, LossScope.Scheduler);
        Close(track, before, lost, track.Lose(clock.Now), flawed: true);
    }

    private void Close(ThreadTrack track, in Before before, in TimelineEvent change, ThreadState was, bool flawed)
    {
        track.CountedSince = clock.Counted;
        int cpu = change.IsOfRing ? change.Cpu : -1;
        bool migrated = change.IsSwitch && before.LastCpu >= 0 && before.LastCpu != cpu;
        var slice = new Slice(track, was, track.State, before.Since, clock.Now, before.CountedSince, clock.Counted,
            cpu, change.Waker, migrated, flawed);
        foreach (ISliceConsumer consumer in Consumers) consumer.Closed(slice);
    }

    /// <summary>What was held of a thread before something changed it.</summary>
    private readonly struct Before(ThreadTrack track)
    {
        public ThreadState State { get; } = track.State;
        public Timestamp Since { get; } = track.Since;
        public Duration CountedSince { get; } = track.CountedSince;
        public int LastCpu { get; } = track.LastCpu;
        public bool IsSeeded { get; } = track.IsSeeded;
    }
}
