using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What the timeline has counted up to a moment; unlike <see cref="TimelineCounters"/> for any thread to read.</summary>
/// <remarks>
/// Every iteration event that was read is in here: those of <see cref="IterationsClosed"/> twice, and one each for an
/// iteration whose other event is missing. Those that were never read are the source's <c>Missing</c>.
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

    /// <summary>Iterations whose thread began another one before ending them: no account.</summary>
    public long IterationsNested { get; init; }

    /// <summary>Iterations that ended on another thread than they began on: an account only where that thread began no other.</summary>
    public long IterationsMoved { get; init; }

    /// <summary>Units reported as complete before a switch or a wake-up inside them arrived late: their split may be wrong.</summary>
    public long UnitsDoubted { get; init; }

    /// <summary>Runtime events that came too late to be put in their place.</summary>
    public long LateRuntimeEvents { get; init; }

    /// <summary>Scheduler events that came too late to be put in their place.</summary>
    public long LateSchedulerEvents { get; init; }

    /// <summary>Times a CPU's switches did not follow from one another without a reported loss.</summary>
    public long ChainBreaks { get; init; }

    /// <summary>Times a thread's events did not follow from one another without a reported loss.</summary>
    public long Contradictions { get; init; }

    /// <summary>Times a thread came to a CPU after a sleep whose wake-up was not seen.</summary>
    public long UnseenWakeUps { get; init; }

    /// <summary>Times a sleep whose wake-up was not seen ended on a CPU that had been idle: blocked to its end.</summary>
    public long InferredWakeUps { get; init; }

    /// <summary>How much waking each of those hides at most, in seconds: the 99th percentile of those that were seen; null where none was.</summary>
    public double? InferredWakingAtMostSeconds { get; init; }

    /// <summary>What two timelines have counted.</summary>
    public static TimelineCounts operator +(TimelineCounts a, TimelineCounts b) => new()
    {
        IterationsClosed = a.IterationsClosed + b.IterationsClosed,
        IterationsIncomplete = a.IterationsIncomplete + b.IterationsIncomplete,
        BeginningsMissing = a.BeginningsMissing + b.BeginningsMissing,
        EndsMissing = a.EndsMissing + b.EndsMissing,
        IterationsNested = a.IterationsNested + b.IterationsNested,
        IterationsMoved = a.IterationsMoved + b.IterationsMoved,
        UnitsDoubted = a.UnitsDoubted + b.UnitsDoubted,
        LateRuntimeEvents = a.LateRuntimeEvents + b.LateRuntimeEvents,
        LateSchedulerEvents = a.LateSchedulerEvents + b.LateSchedulerEvents,
        ChainBreaks = a.ChainBreaks + b.ChainBreaks,
        Contradictions = a.Contradictions + b.Contradictions,
        UnseenWakeUps = a.UnseenWakeUps + b.UnseenWakeUps,
        InferredWakeUps = a.InferredWakeUps + b.InferredWakeUps,
        InferredWakingAtMostSeconds = a.InferredWakingAtMostSeconds >= b.InferredWakingAtMostSeconds || b.InferredWakingAtMostSeconds is null
            ? a.InferredWakingAtMostSeconds
            : b.InferredWakingAtMostSeconds,
    };

    /// <summary>
    /// Copies the present counts; on the timeline's own thread. What it calls incomplete itself is not among them: some of
    /// that is completed after it.
    /// </summary>
    public static TimelineCounts From(TimelineCounters counters) => new()
    {
        IterationsClosed = counters.IterationsClosed,
        BeginningsMissing = counters.BeginningsMissing,
        EndsMissing = counters.EndsMissing,
        IterationsNested = counters.IterationsNested,
        IterationsMoved = counters.IterationsMoved,
        UnitsDoubted = counters.UnitsDoubted,
        LateRuntimeEvents = counters.LateRuntimeEvents,
        LateSchedulerEvents = counters.LateSchedulerEvents,
        ChainBreaks = counters.ChainBreaks,
        Contradictions = counters.Contradictions,
        UnseenWakeUps = counters.UnseenWakeUps,
        InferredWakeUps = counters.InferredWakeUps,
        InferredWakingAtMostSeconds = counters.InferredWakingAtMost?.Seconds,
    };
}
