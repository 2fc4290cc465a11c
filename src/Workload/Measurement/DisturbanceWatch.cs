using Observatory.Study;

namespace Observatory.Workload;

/// <summary>Reads the counters that tell disturbed iterations from the others. For the driving thread.</summary>
/// <param name="files">The cgroups.</param>
/// <param name="team">Name of the threads that compute.</param>
/// <param name="threads">How many of them there will be.</param>
internal sealed class DisturbanceWatch(CgroupFiles files, string team, int threads) : IDisposable
{
    private readonly CgroupThrottles? _throttles = CgroupThrottles.Open(files);
    private RunDelay? _delay = RunDelay.Open(TeamThreads.Folders(team));

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
        _delay = RunDelay.Open(TeamThreads.Folders(team));
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
