using Observatory.Kernel;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>Reads the counters that tell disturbed iterations from the others. For the driving thread.</summary>
/// <param name="files">The cgroups.</param>
/// <param name="team">Name of the threads that compute: of the driving thread, which those that libtorch makes from it inherit.</param>
/// <param name="threads">How many of them there will be.</param>
internal sealed class DisturbanceWatch(CgroupFiles files, string team, int threads) : IDisposable
{
    private readonly CgroupThrottles? _throttles = CgroupThrottles.Open(files);
    private RunDelay? _delay = RunDelay.Open(team);

    /// <summary>What can be seen here.</summary>
    public Disturbances Watched =>
        Disturbances.Gc
        | (_delay is null ? Disturbances.None : Disturbances.Preempted)
        | (_throttles is null ? Disturbances.None : Disturbances.Throttled);

    /// <summary>Looks for the threads until all are found: libtorch makes its own when it first needs them.</summary>
    public void FindThreads()
    {
        if (_delay is null || _delay.Threads >= threads) return;
        _delay.Dispose();
        _delay = RunDelay.Open(team);
    }

    /// <summary>The counters now. Allocates nothing.</summary>
    public DisturbanceCounts Read() => new(
        GC.CollectionCount(0),
        GC.GetTotalPauseDuration(),
        _delay?.Nanoseconds() ?? 0,
        _throttles?.Count() ?? 0);

    public void Dispose()
    {
        _delay?.Dispose();
        _throttles?.Dispose();
    }
}

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
