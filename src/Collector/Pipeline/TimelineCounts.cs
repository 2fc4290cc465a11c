using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What the timeline has counted up to a moment; unlike <see cref="TimelineCounters"/> for any thread to read.</summary>
/// <remarks>
/// Every iteration event that was read is in here: those of <see cref="IterationsClosed"/> twice, and one each for an
/// iteration whose other event is missing. Those that nobody read are the source's <c>Missing</c>.
/// </remarks>
internal sealed record TimelineCounts
{
    /// <summary>Iterations whose beginning and end were both seen.</summary>
    public long IterationsClosed { get; init; }

    /// <summary>Incomplete accounts, of those that were shown: as they are when all that completes them has been joined.</summary>
    public long IterationsIncomplete { get; init; }

    /// <summary>Iterations of which only the end was seen: no account.</summary>
    public long BeginningsMissing { get; init; }

    /// <summary>Iterations of which only the beginning was seen: no account.</summary>
    public long EndsMissing { get; init; }

    /// <summary>Runtime events that came too late to be put in their place.</summary>
    public long LateRuntimeEvents { get; init; }

    /// <summary>Scheduler events that came too late to be put in their place.</summary>
    public long LateSchedulerEvents { get; init; }

    /// <summary>Times a CPU's switches did not follow from one another without a loss that was told.</summary>
    public long ChainBreaks { get; init; }

    /// <summary>Times a thread's events did not follow from one another without a loss that was told.</summary>
    public long Contradictions { get; init; }

    /// <summary>Times a thread came to a CPU after a sleep whose wake-up was not seen.</summary>
    public long UnseenWakeUps { get; init; }

    /// <summary>
    /// Copies the present counts; on the timeline's own thread. What it calls incomplete itself is not among them: some of
    /// that is completed after it.
    /// </summary>
    public static TimelineCounts Of(TimelineCounters counters) => new()
    {
        IterationsClosed = counters.IterationsClosed,
        BeginningsMissing = counters.BeginningsMissing,
        EndsMissing = counters.EndsMissing,
        LateRuntimeEvents = counters.LateRuntimeEvents,
        LateSchedulerEvents = counters.LateSchedulerEvents,
        ChainBreaks = counters.ChainBreaks,
        Contradictions = counters.Contradictions,
        UnseenWakeUps = counters.UnseenWakeUps,
    };
}
