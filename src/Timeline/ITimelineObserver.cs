namespace Observatory.Timeline;

/// <summary>
/// Receives what the timeline finds out, in the order of time, on the thread that feeds the timeline; must not block.
/// Each implementation has only the methods that it is interested in.
/// </summary>
public interface ITimelineObserver
{
    /// <summary>An iteration ended and its account is closed.</summary>
    void IterationClosed(in UnitAccount account)
    {
    }

    /// <summary>A unit of work of another kind ended and its account is closed.</summary>
    void UnitClosed(in UnitAccount account)
    {
    }

    /// <summary>A thread of the target got a CPU after it had waited for one (preempted or woken).</summary>
    void RunQueueWaited(Duration wait)
    {
    }

    /// <summary>
    /// Another thread, of any process, held the CPU while a thread of the target waited for it. ReleasedUpTo with the wait, one
    /// call for each stretch; the stretches of a wait add up to it.
    /// </summary>
    /// <param name="thread">
    /// The holder; 0 for an idle CPU, <see cref="TimelineEvent.ExitingThread"/>, or
    /// <see cref="TimelineEvent.UnknownHolder"/> where it is not known.
    /// </param>
    /// <param name="time">How long it held the CPU meanwhile.</param>
    void PreemptedBy(int thread, Duration time)
    {
    }

    /// <summary>The runtime let its threads go on after it had suspended them.</summary>
    void Suspended(Duration suspension)
    {
    }
}
