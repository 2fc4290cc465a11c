using Observatory.Study;

namespace Observatory.Workload;

/// <summary>Counters of what can come between an iteration and its computation. They only grow.</summary>
/// <param name="Collections">Garbage collections.</param>
/// <param name="Paused">Time that the runtime was suspended for them.</param>
/// <param name="WaitedNs">Nanoseconds that the threads of the computation waited for a CPU.</param>
/// <param name="Throttled">Periods in which a CPU quota ran out.</param>
internal readonly record struct DisturbanceCounts(int Collections, TimeSpan Paused, long WaitedNs, long Throttled)
{
    /// <summary>
    /// Waiting counts from this share of an iteration on. The kernel's own threads take a CPU for some microseconds
    /// many times a second; with no limit every long iteration would count as disturbed, and the mark would say nothing.
    /// </summary>
    public const double LeastWait = 0.01;

    /// <param name="before">The counters before the iteration; these are the ones after it.</param>
    /// <param name="nanoseconds">How long the iteration took.</param>
    public Disturbances Since(DisturbanceCounts before, long nanoseconds)
    {
        var found = Disturbances.None;
        if (Collections != before.Collections || Paused != before.Paused) found |= Disturbances.Gc;
        if (WaitedNs - before.WaitedNs > LeastWait * nanoseconds) found |= Disturbances.Preempted;
        if (Throttled != before.Throttled) found |= Disturbances.Throttled;
        return found;
    }
}
