namespace Observatory.Timeline;

/// <summary>A stretch of time in which a thread of the target was in one state, as it turned out to be.</summary>
/// <param name="Thread">Kernel thread id.</param>
/// <param name="State">What it was.</param>
/// <param name="From">First instant.</param>
/// <param name="To">Last instant.</param>
/// <param name="Cpu">The CPU it ran on, or had been on before; -1 where that is not known.</param>
/// <param name="Waker">The thread that ended it by a wake-up, or <see cref="TimelineEvent.Interrupt"/>; else <see cref="TimelineEvent.UnknownThread"/>.</param>
/// <param name="Why">Where the state is unknown, what is missing.</param>
public readonly record struct ThreadSlice(
    int Thread, ThreadState State, Timestamp From, Timestamp To, int Cpu, int Waker, IncompleteReasons Why);

/// <summary>Receives what a replay finds, each in the order in which it ended.</summary>
public interface IReplayObserver
{
    /// <summary>A state of a thread of the target ended, or the replay did.</summary>
    void StateEnded(in ThreadSlice slice);

    /// <summary>Another thread held the CPU in the wait that is told next or was told last.</summary>
    /// <param name="waiting">The thread of the target that waited.</param>
    /// <param name="holder">The holder, as in <see cref="IFindings.PreemptedBy"/>.</param>
    /// <param name="time">How long.</param>
    void HeldMeanwhile(int waiting, int holder, Duration time);
}

/// <summary>
/// Runs recorded events through the same rules as the timeline did, from the state it had before the first of them, and
/// tells every state of every thread of the target.
/// </summary>
public sealed class TimelineReplay
{
    private readonly Follower _follower;
    private readonly Accounting _accounting;

    /// <param name="from">The state before the first event.</param>
    /// <param name="observer">Receives what is found.</param>
    public TimelineReplay(TimelineCheckpoint from, IReplayObserver observer)
    {
        ArgumentNullException.ThrowIfNull(from);
        _follower = new Follower(observer);
        _accounting = new Accounting(from.Process, _follower, new TimelineCounters(), from.SeesWholeMachine, from, _follower);
    }

    /// <summary>Applies the next event.</summary>
    public void Apply(in TimelineEvent happened)
    {
        _accounting.Apply(happened);
        // At once: a holder belongs to the wait that has just been told.
        _accounting.Tell();
    }

    /// <summary>Tells the states that have not ended, as far as they have lasted.</summary>
    public void Finish()
    {
        TimelineCheckpoint last = _accounting.Checkpoint();
        foreach (ThreadTrack track in last.Tracks()) _follower.Told(track, last.At);
    }

    private sealed class Follower(IReplayObserver observer) : ISliceConsumer, ITimelineObserver
    {
        public void Closed(in Slice slice)
        {
            if (slice.To <= slice.From) return;
            observer.StateEnded(new ThreadSlice(
                slice.Thread.Id, slice.State, slice.From, slice.To, slice.LastCpu, slice.Waker, slice.Reasons));
        }

        public void PreemptedBy(ReadOnlySpan<CpuHold> holds)
        {
            foreach (ref readonly CpuHold hold in holds) observer.HeldMeanwhile(hold.Waiter, hold.Holder, hold.Time);
        }

        public void Told(ThreadTrack track, Timestamp end)
        {
            if (end <= track.Since) return;
            observer.StateEnded(new ThreadSlice(
                track.Id, track.State, track.Since, end, track.LastCpu, TimelineEvent.UnknownThread, track.UnknownBecause));
        }
    }
}
