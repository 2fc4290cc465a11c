namespace Observatory.Timeline;

/// <summary>What the timeline counted about the quality of its own input. Read it on the thread that feeds the timeline.</summary>
public sealed class TimelineCounters
{
    /// <summary>Runtime events that came after the timeline had been told up to their time.</summary>
    public long LateRuntimeEvents { get; private set; }

    /// <summary>Scheduler events that came after the timeline had been told up to their time.</summary>
    public long LateSchedulerEvents { get; private set; }

    /// <summary>Times a CPU's switches did not follow from one another although the kernel reported no loss.</summary>
    public long ChainBreaks { get; internal set; }

    /// <summary>Times a thread's events did not follow from one another although no loss was known.</summary>
    public long Contradictions { get; internal set; }

    /// <summary>Times a thread came to a CPU after a sleep whose end was not seen.</summary>
    public long UnseenWakeUps { get; internal set; }

    /// <summary>Iterations whose beginning and end were both seen.</summary>
    public long IterationsClosed { get; internal set; }

    /// <summary>Closed iterations whose account is incomplete; something outside of the timeline may still complete it.</summary>
    public long IterationsIncomplete { get; internal set; }

    /// <summary>Iterations inside of which their thread began another one; they have no account.</summary>
    public long IterationsNested { get; internal set; }

    /// <summary>Iterations that ended on another thread than they began on, and did not tell when they moved.</summary>
    public long IterationsMoved { get; internal set; }

    /// <summary>Iterations whose end was never seen.</summary>
    public long EndsMissing { get; internal set; }

    /// <summary>Iterations whose beginning was never seen: lost, or before the observer attached.</summary>
    public long BeginningsMissing { get; internal set; }

    internal void CountLate(LossScope scope)
    {
        if (scope.IsRuntime) LateRuntimeEvents++;
        else LateSchedulerEvents++;
    }
}
