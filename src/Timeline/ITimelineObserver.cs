namespace Observatory.Timeline;

/// <summary>Receives what the timeline finds out, in the order of time, on the thread that feeds the timeline.</summary>
public interface ITimelineObserver
{
    /// <summary>An iteration ended and its account is closed.</summary>
    void IterationClosed(in IterationAccount account);

    /// <summary>A thread of the target got a CPU after it had waited for one (preempted or woken).</summary>
    void RunQueueWaited(Duration wait);

    /// <summary>The runtime let its threads go on after it had suspended them.</summary>
    void Suspended(Duration suspension);
}
