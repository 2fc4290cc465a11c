namespace Observatory.Timeline;

/// <summary>The threads of the target that are there, and what they are there for.</summary>
internal sealed class ThreadTable(int process, AccountClock clock, LossState loss, ISliceConsumer consumer)
{
    private readonly Dictionary<int, ThreadTrack> _threads = [];

    /// <summary>Threads that are followed.</summary>
    public Dictionary<int, ThreadTrack>.ValueCollection All => _threads.Values;

    public ThreadTrack? Find(int thread) => _threads.GetValueOrDefault(thread);

    /// <summary>True for what a thread of the target does.</summary>
    public bool IsOfTarget(in TimelineEvent told) => told.Process == process;

    /// <summary>The track of a thread, made when it is heard of for the first time.</summary>
    public ThreadTrack TrackOf(int thread)
    {
        if (_threads.TryGetValue(thread, out ThreadTrack? track)) return track;
        _threads.Add(thread, track = new ThreadTrack(thread) { CountedSince = clock.Counted });
        IncompleteReasons hidden = loss.ReasonsFor(thread);
        track.MarkUnknown(clock.Now, hidden == IncompleteReasons.None ? IncompleteReasons.NotSeen : hidden);
        consumer.Appeared(track);
        return track;
    }

    /// <summary>Takes over the threads of a checkpoint.</summary>
    public void Restore(IEnumerable<ThreadTrack> tracks)
    {
        foreach (ThreadTrack track in tracks)
        {
            _threads.Add(track.Id, track);
            consumer.Appeared(track);
        }
    }

    /// <summary>Says what a thread is there for. That it drives iterations is never taken back.</summary>
    public void Describe(ThreadTrack track, ThreadRole role)
    {
        if (track.Role == role || track.Role == ThreadRole.Driving) return;
        consumer.Becomes(track, role);
        track.Role = role;
    }

    /// <summary>A thread is gone.</summary>
    public void Remove(ThreadTrack track)
    {
        _threads.Remove(track.Id);
        consumer.Gone(track);
    }
}
